namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Decoders one after the other, with a memory: a value that was decoded before is not decoded again. The memory is bounded, and what can
/// change its meaning (names of interfaces, groups, symbols of processes) is forgotten after a minute. Thread-safe.
/// </summary>
public sealed class DecoderChain
{
    private const int MaximumKept = 4096;
    private const int MaximumKeptLength = 256;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly Decoder[] _decoders;
    private readonly bool _isConstant;
    private readonly bool _isByProcess;
    private readonly Lock _gate = new();
    private readonly Dictionary<Kept, DecodedValue> _known = [];
    private long _clearedAt = Environment.TickCount64;

    /// <param name="decoders">In the order in which they are applied; none: values stay as they are.</param>
    /// <exception cref="ArgumentException">One of them can't be; <see cref="Decoders.Check"/> says why.</exception>
    public DecoderChain(IReadOnlyList<DecoderSpec> decoders)
    {
        _decoders = [.. decoders.Select(Decoders.Create)];
        _isConstant = _decoders.All(d => d.IsConstant);
        _isByProcess = _decoders.Any(d => d.IsByProcess);
    }

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => _decoders.Length == 0;

    /// <summary>Decodes a value.</summary>
    public DecodedValue Decode(in DecodedValue value, DecodingContext context = default)
    {
        if (_decoders.Length == 0) return value;
        string text = value.Kind == DecodedKind.Bytes ? Convert.ToHexString(value.Bytes.Span) : value.ToString();
        var key = new Kept(value.Kind, text, _isByProcess ? context.Pid : 0);
        if (key.Text.Length > MaximumKeptLength) return Run(value, context);
        lock (_gate)
        {
            if (!_isConstant && Environment.TickCount64 - _clearedAt > KeptFor.TotalMilliseconds) Forget();
            if (_known.TryGetValue(key, out DecodedValue known)) return known;
        }

        DecodedValue made = Run(value, context);
        lock (_gate)
        {
            if (_known.Count >= MaximumKept) Forget();
            _known[key] = made;
        }

        return made;
    }

    private DecodedValue Run(DecodedValue value, DecodingContext context)
    {
        foreach (Decoder decoder in _decoders)
        {
            if (value.Kind == DecodedKind.None) return value;
            value = decoder.Decode(value, context);
        }

        return value;
    }

    private void Forget()
    {
        _known.Clear();
        _clearedAt = Environment.TickCount64;
    }

    private readonly record struct Kept(DecodedKind Kind, string Text, int Pid);
}
