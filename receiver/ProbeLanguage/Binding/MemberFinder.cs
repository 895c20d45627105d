using System.Text;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Finds fields of structs, through anonymous structs and unions within them.</summary>
internal static class MemberFinder
{
    private const int MaxDepth = 8;

    // Macros of the kernel that its users take for fields (include/net/sock.h, include/net/inet_sock.h).
    private static readonly Dictionary<string, string[]> Macros = new(StringComparer.Ordinal)
    {
        ["inet_daddr"] = ["sk", "__sk_common", "skc_daddr"],
        ["inet_rcv_saddr"] = ["sk", "__sk_common", "skc_rcv_saddr"],
        ["inet_dport"] = ["sk", "__sk_common", "skc_dport"],
        ["inet_num"] = ["sk", "__sk_common", "skc_num"],
        ["ir_num"] = ["req", "__req_common", "skc_num"],
        ["ir_rmt_addr"] = ["req", "__req_common", "skc_daddr"],
        ["ir_loc_addr"] = ["req", "__req_common", "skc_rcv_saddr"],
        ["ir_rmt_port"] = ["req", "__req_common", "skc_dport"],
    };

    /// <summary>A field: its type and place.</summary>
    /// <param name="Type">Its type.</param>
    /// <param name="BitOffset">Bits from the start of the struct.</param>
    /// <param name="BitSize">Bits of a bit field; else 0.</param>
    public readonly record struct Found(TypeRef Type, long BitOffset, int BitSize);

    public static Found? Find(TypeRef composite, string name)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        if (FindPlain(composite, utf8, 0) is { } found)
            return found;
        if (Macros.TryGetValue(name, out string[]? path) && Follow(composite, path) is { } through)
            return through;
        // sk->sk_daddr is sk->__sk_common.skc_daddr by a macro; so are all that begin so.
        return name.StartsWith("sk_", StringComparison.Ordinal) ? Follow(composite, ["__sk_common", "skc_" + name[3..]]) : null;
    }

    /// <summary>The names of all fields, those of anonymous members among them.</summary>
    public static IEnumerable<string> Names(TypeRef composite)
    {
        var result = new List<string>();
        Collect(composite, result, 0);
        return result;
    }

    private static Found? Follow(TypeRef composite, string[] path)
    {
        long offset = 0;
        Found? last = null;
        TypeRef? at = composite;
        foreach (string step in path)
        {
            if (at is not { } here || FindPlain(here, Encoding.UTF8.GetBytes(step), 0) is not { } found)
                return null;
            offset += found.BitOffset;
            last = found with { BitOffset = offset };
            at = found.Type.Composite;
        }

        return last;
    }

    private static Found? FindPlain(TypeRef composite, ReadOnlySpan<byte> name, int depth)
    {
        BtfType type = composite.Resolved;
        for (int i = 0; i < type.Count; i++)
        {
            BtfMember member = type.Member(i);
            if (member.NameUtf8.SequenceEqual(name))
                return new(composite.To(member.TypeId), member.BitOffset, (int)member.BitFieldSize);
            if (member.NameUtf8.Length == 0 && depth < MaxDepth && composite.To(member.TypeId) is { } inner && inner.Resolved.IsComposite
                && FindPlain(inner, name, depth + 1) is { } found)
            {
                return found with { BitOffset = found.BitOffset + member.BitOffset };
            }
        }

        return null;
    }

    private static void Collect(TypeRef composite, List<string> names, int depth)
    {
        BtfType type = composite.Resolved;
        for (int i = 0; i < type.Count && names.Count < 2000; i++)
        {
            BtfMember member = type.Member(i);
            if (member.NameUtf8.Length > 0)
                names.Add(member.Name);
            else if (depth < MaxDepth && composite.To(member.TypeId) is { } inner && inner.Resolved.IsComposite)
                Collect(inner, names, depth + 1);
        }
    }
}
