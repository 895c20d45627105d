using System.Buffers.Binary;

namespace EbpfReceiver.Bpf.Tests.Fuzzing;

/// <summary>Damages sound inputs.</summary>
internal static class Mutation
{
    private static readonly uint[] Interesting = [0, 1, 7, 8, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff];

    public static byte[] Of(byte[] original, Random random)
    {
        var image = (byte[])original.Clone();
        if (random.Next(20) == 0)
            Array.Resize(ref image, random.Next(image.Length + 1));
        for (var i = 1 << random.Next(6); i > 0 && image.Length >= 8; i--)
        {
            // Structures are aligned to four bytes; most mutants should get past the first check.
            var at = random.Next(image.Length / 4) * 4;
            switch (random.Next(5))
            {
                case 0:
                    image[at + random.Next(4)] = (byte)random.Next(256);
                    break;
                case 1:
                    image[at + random.Next(4)] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), Interesting[random.Next(Interesting.Length)]);
                    break;
                case 3:
                    BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), (uint)random.Next(256));
                    break;
                default:
                    var length = Math.Min(random.Next(64), image.Length - at);
                    image.AsSpan(random.Next(image.Length - length), length).CopyTo(image.AsSpan(at));
                    break;
            }
        }

        return image;
    }
}
