using System.Buffers.Binary;
using System.Text;

namespace EbpfReceiver.Identity;

/// <summary>
/// service.instance.id for a process: a UUID version 5 (RFC 9562) of the host, its boot and the process, so that it is the same
/// after the receiver was restarted, and in every receiver that sees the process.
/// </summary>
internal static class ServiceInstanceId
{
    /// <summary>The namespace that the semantic conventions set for service.instance.id.</summary>
    private static readonly Guid Namespace = new("4d63009a-8d0f-11ee-aad7-4c796ed8e320");

    /// <summary>The id of a process.</summary>
    /// <param name="hostId">host.id.</param>
    /// <param name="bootId"><c>/proc/sys/kernel/random/boot_id</c>: start times are counted from the boot.</param>
    /// <param name="pid">Its process id.</param>
    /// <param name="startTicks">Its start after boot, in 10 ms.</param>
    public static Guid Of(string hostId, string bootId, int pid, ulong startTicks)
    {
        byte[] name = Encoding.UTF8.GetBytes($"{hostId}/{bootId}/{pid}/{startTicks}");
        return Version5(Namespace, name);
    }

    internal static Guid Version5(Guid space, ReadOnlySpan<byte> name)
    {
        byte[] input = new byte[16 + name.Length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        name.CopyTo(input.AsSpan(16));
        Span<byte> hash = stackalloc byte[Sha1.HashSize];
        Sha1.HashData(input, hash);
        BinaryPrimitives.WriteUInt16BigEndian(hash[6..], (ushort)((BinaryPrimitives.ReadUInt16BigEndian(hash[6..]) & 0x0FFF) | 0x5000));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
