using System.Security.Cryptography;
using EbpfReceiver.Identity;

namespace EbpfReceiver.Tests.Identity;

public sealed class Sha1Tests
{
    [Fact]
    public void It_hashes_inputs_of_all_lengths_about_the_block_size_as_the_platform_does()
    {
        byte[] input = new byte[300];
        new Random(1).NextBytes(input);
        Span<byte> hash = stackalloc byte[Sha1.HashSize];
        for (int length = 0; length <= input.Length; length++)
        {
            Sha1.HashData(input.AsSpan(0, length), hash);

            Assert.Equal(Convert.ToHexString(SHA1.HashData(input.AsSpan(0, length))), Convert.ToHexString(hash));
        }
    }
}
