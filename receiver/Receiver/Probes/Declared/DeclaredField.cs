using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using EbpfReceiver.Identity;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>An attribute in a key or a sample: what it is called, and how its bytes are read.</summary>
internal sealed class DeclaredField
{
    private readonly KeyField _field;
    private readonly DecoderChain _decoders;
    private readonly ProcessFact? _fact;
    private readonly bool _redacts;

    /// <param name="field">Where it is.</param>
    /// <param name="isProcessId">Its value is the id of the process that was observed.</param>
    /// <param name="redacts">Whether texts are redacted: queries of URLs, literals of SQL.</param>
    public DeclaredField(KeyField field, bool isProcessId, bool redacts)
    {
        _redacts = redacts;
        _field = field;
        BoundAttribute attribute = field.Attribute;
        Name = Encoding.UTF8.GetBytes(attribute.Name);
        Text = attribute.Name;
        _decoders = new DecoderChain([.. attribute.Decoders.Select(SpecOf)]);
        IsPlain = _decoders.IsEmpty;
        _fact = IsPlain && attribute.Type.Kind == ValueKind.Integer ? ProcessFact.Of(attribute.Name) : null;
        IsProcessId = isProcessId && IsPlain && _fact is null;
        IsContainer = attribute.Name == ProcessFact.ContainerId && attribute.Decoders.Any(d => d.Name == "cgroup");
    }

    /// <summary>Its name in UTF-8.</summary>
    public byte[] Name { get; }

    /// <summary>Its name.</summary>
    public string Text { get; }

    /// <summary>Whether it is sent; some only fill in texts.</summary>
    public bool IsReported => _field.Attribute.IsReported;

    /// <summary>Its value is sent as its type says.</summary>
    public bool IsPlain { get; }

    /// <summary>Its value is the id of the process that was observed.</summary>
    public bool IsProcessId { get; }

    /// <summary>Its value is an id of a process, which is looked up for what the attribute's name asks for.</summary>
    public bool IsProcessFact => _fact is not null;

    /// <summary>Its type.</summary>
    public ProbeType Type => _field.Attribute.Type;

    private bool IsContainer { get; }

    /// <summary>Its bytes in a key or a sample.</summary>
    public ReadOnlySpan<byte> BytesIn(ReadOnlySpan<byte> record) => record.Slice(_field.Offset, _field.Size);

    /// <summary>Its value in a key or a sample as a number; of integers, booleans and IPv4 addresses.</summary>
    public long NumberIn(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> bytes = BytesIn(record);
        return (bytes.Length, Type.IsSigned) switch
        {
            (1, false) => bytes[0],
            (1, true) => (sbyte)bytes[0],
            (2, false) => MemoryMarshal.Read<ushort>(bytes),
            (2, true) => MemoryMarshal.Read<short>(bytes),
            (4, false) => MemoryMarshal.Read<uint>(bytes),
            (4, true) => MemoryMarshal.Read<int>(bytes),
            _ => MemoryMarshal.Read<long>(bytes),
        };
    }

    /// <summary>Its value as it is sent.</summary>
    /// <param name="record">The key or the sample.</param>
    /// <param name="pid">The process that was observed; 0 if it is not known.</param>
    /// <param name="identity">Which processes there are; null: none is looked up.</param>
    public DecodedValue Decode(ReadOnlySpan<byte> record, int pid, IdentityTable? identity)
    {
        if (_fact is { } fact) return fact.Find((int)NumberIn(record), identity);
        DecodedValue decoded = _decoders.Decode(Raw(record), new DecodingContext(pid));
        if (_redacts && decoded.Kind == DecodedKind.Text) return DecodedValue.Of(TextRedaction.Redact(decoded.ToString()));
        if (!IsContainer) return decoded;
        return ContainerReference.FromCgroupPath(decoded.ToString()).ContainerId is { } container ? DecodedValue.Of(container) : DecodedValue.None;
    }

    private DecodedValue Raw(ReadOnlySpan<byte> record)
    {
        switch (Type.Kind)
        {
            case ValueKind.Boolean:
                return DecodedValue.Boolean(NumberIn(record) != 0);
            case ValueKind.Integer:
                long number = NumberIn(record);
                return Type.IsSigned ? DecodedValue.Signed(number) : DecodedValue.Unsigned((ulong)number);
            case ValueKind.Ip4 or ValueKind.Ip6 when IsPlain:
                return DecodedValue.Of(new IPAddress(BytesIn(record)).ToString());
            default:
                byte[] bytes = BytesIn(record).ToArray();
                return IsPlain ? DecodedValue.Of(DecodedValue.Of(bytes).ToString()) : DecodedValue.Of(bytes);
        }
    }

    private static DecoderSpec SpecOf(DecoderStep step) => step.Name switch
    {
        "regexp" => new DecoderSpec(step.Name) { Patterns = [.. step.Arguments.Select(a => a.Value)] },
        _ => new DecoderSpec(step.Name) { Map = MapOf(step) },
    };

    private static Dictionary<string, string> MapOf(DecoderStep step)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string from, string to) in step.Arguments) map[from] = to;
        return map;
    }
}
