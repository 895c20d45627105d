using System.Runtime.CompilerServices;
using System.Text;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>char[BPF_OBJ_NAME_LEN]: at most 15 of [A-Za-z0-9_.] and a terminator.</summary>
[InlineArray(Length)]
internal struct ObjectName
{
    public const int Length = 16;
    private byte _first;

    /// <summary>The name as the kernel takes it: cut to 15 characters, others than it allows replaced by '_'.</summary>
    public static ObjectName From(string name)
    {
        var result = default(ObjectName);
        for (var i = 0; i < Math.Min(name.Length, Length - 1); i++)
            result[i] = char.IsAsciiLetterOrDigit(name[i]) || name[i] is '_' or '.' ? (byte)name[i] : (byte)'_';
        return result;
    }

    public override readonly string ToString()
    {
        ReadOnlySpan<byte> bytes = this;
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
