namespace EbpfReceiver.ProbeLanguage;

/// <summary>An argument of a hook as a policy types it.</summary>
/// <param name="Type">The type as it was written.</param>
/// <param name="Value">Its value as an expression, which selectors test; null where there is none.</param>
/// <param name="IsText">Whether the value is a text.</param>
/// <param name="Source">The argument itself as an expression.</param>
/// <param name="Attributes">What the event tells of it: names, expressions, decoders.</param>
/// <param name="Location">Where the type stands.</param>
internal sealed record TetragonArgument(
    string Type, string? Value, bool IsText, string Source, IReadOnlyList<(string Name, string Expression, string? Decoder)> Attributes, SourceLocation Location)
{
    /// <summary>The types that are taken.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "int", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "size_t", "string", "fd", "file", "path", "sock", "skb", "linux_binprm", "nop",
    ];

    /// <summary>An argument of a type; null if the type is not taken.</summary>
    public static TetragonArgument? Of(string type, string label, string source, bool isUser, SourceLocation location)
    {
        TetragonArgument Number(string cast) => new(type, $"({cast}){source}", false, source, [(label, $"({cast}){source}", null)], location);
        TetragonArgument Text(string value) => new(type, value, true, source, [(label, value, null)], location);
        switch (type)
        {
            case "int" or "int32" or "sint32" or "s32" or "fd":
                return Number("i32");
            case "int8" or "int16" or "int64" or "uint8" or "uint16" or "uint32" or "uint64" or "size_t":
                return Number(type);
            case "sint64" or "s64" or "long":
                return Number("i64");
            case "ulong":
                return Number("u64");
            case "string":
                return Text(isUser ? $"ustr({source}, 128)" : $"str({source}, 128)");
            case "file":
                // The name alone: paths would have to be put together by user space.
                return Text($"str(as(struct file, {source}).f_path.dentry.d_name.name, 128)");
            case "path":
                return Text($"str(as(struct path, {source}).dentry.d_name.name, 128)");
            case "linux_binprm":
                return Text($"str(as(struct linux_binprm, {source}).filename, 128)");
            case "sock":
                string sock = $"as(struct sock, {source})";
                return new(type, null, false, source,
                    [
                        ($"{label}.saddr", $"{sock}.sk_rcv_saddr", null), ($"{label}.sport", $"{sock}.sk_num", null),
                        ($"{label}.daddr", $"{sock}.sk_daddr", null), ($"{label}.dport", $"ntohs({sock}.sk_dport)", null),
                        ($"{label}.family", $"{sock}.sk_family", null), ($"{label}.protocol", $"{sock}.sk_protocol", null),
                    ],
                    location);
            case "skb":
                return new(type, null, false, source, [($"{label}.len", $"as(struct sk_buff, {source}).len", null)], location);
            case "nop":
                return new(type, null, false, source, [], location);
            default:
                return null;
        }
    }
}
