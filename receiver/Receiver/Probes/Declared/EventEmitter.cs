using System.Runtime.InteropServices;
using System.Text;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Probes.Declared;

/// <summary>Turns the samples of one emitter into spans or log records. Used by the thread that reads the samples.</summary>
internal sealed class EventEmitter
{
    /// <summary>The attribute whose presence says that an operation failed.</summary>
    private const string ErrorType = "error.type";

    private readonly BoundEmitter _emitter;
    private readonly DeclaredField[] _fields;
    private readonly int[] _fieldOfAttribute;
    private readonly DecodedValue[] _values;
    private readonly IdentityTable _identity;
    private readonly KernelClock _clock;
    private readonly SpanIds _ids = new();
    private readonly byte[] _eventName;
    private readonly SpanKind _kind;
    private readonly Severity _severity;
    private readonly StringBuilder _text = new();

    /// <param name="probe">The probe.</param>
    /// <param name="layout">The samples.</param>
    /// <param name="kind">Of spans: which side of an operation they are.</param>
    /// <param name="parts">Processes, the clock, and whether texts are redacted.</param>
    public EventEmitter(BoundProbe probe, EventLayout layout, SpanKind kind, DeclaredParts parts)
    {
        _emitter = layout.Emitter;
        _identity = parts.Identity;
        _clock = parts.Clock;
        _kind = kind;
        _fields = DeclaredFields.Of(probe, layout.EmitterIndex, layout.Fields, parts.Redacts);
        _values = new DecodedValue[_fields.Length];
        List<BoundAttribute> inSample = [.. layout.Fields.Select(f => f.Attribute)];
        _fieldOfAttribute = [.. _emitter.Attributes.Select(a => inSample.IndexOf(a))];
        _eventName = Encoding.UTF8.GetBytes(_emitter.Name);
        _severity = _emitter.Severity switch
        {
            "TRACE" => Severity.Trace,
            "DEBUG" => Severity.Debug,
            "WARN" => Severity.Warn,
            "ERROR" => Severity.Error,
            "FATAL" => Severity.Fatal,
            _ => Severity.Info,
        };
        Size = layout.Size;
    }

    /// <summary>Bytes of a sample.</summary>
    public int Size { get; }

    /// <summary>Writes the item of a sample.</summary>
    /// <param name="items">Takes it.</param>
    /// <param name="owner">The process it belongs to.</param>
    /// <param name="scope">The probe's scope.</param>
    /// <param name="sample">At least <see cref="Size"/> bytes.</param>
    /// <param name="time">When it was taken; ns, CLOCK_MONOTONIC.</param>
    public void Write(DeclaredItems items, in ItemOwner owner, EncodedScope scope, ReadOnlySpan<byte> sample, ulong time)
    {
        for (int i = 0; i < _fields.Length; i++) _values[i] = _fields[i].Decode(sample, owner.Pid, _identity);
        int sampling = MemoryMarshal.Read<ushort>(sample[EventLayout.SamplingOffset..]);
        if (_emitter.Kind == EmitterKind.Span) WriteSpan(items.BeginSpan(owner, scope), sample, time, sampling);
        else WriteLog(items.BeginLogRecord(owner, scope), time, sampling);
    }

    private void WriteSpan(SpanWriter span, ReadOnlySpan<byte> sample, ulong time, int sampling)
    {
        Span<byte> id = stackalloc byte[16];
        _ids.Next(id);
        span.TraceId(id);
        _ids.Next(id[..8]);
        span.SpanId(id[..8]);
        span.Name(Encoding.UTF8.GetBytes(Text()));
        span.Kind(_kind);
        ulong duration = MemoryMarshal.Read<ulong>(sample[EventLayout.DurationOffset..]);
        // A start after the end makes a difference that is larger than any time, and so does the subtraction once more.
        (ulong start, ulong end) = _clock.ToUnix(unchecked(time - duration), time);
        span.Times(start, end);
        for (int i = 0; i < _fields.Length; i++)
        {
            if (!_fields[i].IsReported) continue;
            span.Attribute(_fields[i].Name, _values[i]);
            if (_fields[i].Text == ErrorType && _values[i].Kind is DecodedKind.Text or DecodedKind.Bytes)
                span.Status(StatusCode.Error, Encoding.UTF8.GetBytes(_values[i].ToString()));
        }

        if (sampling > 0) span.Attribute(Keys.EbpfReceiverSamplingCount, 1L << sampling);
        span.End();
    }

    private void WriteLog(LogRecordWriter record, ulong time, int sampling)
    {
        record.Times(_clock.ToUnix(time), _clock.ToUnix(_clock.Now));
        record.Severity(_severity);
        if (_eventName.Length > 0) record.EventName(_eventName);
        if (_emitter.Template.Count > 0) record.Body(Encoding.UTF8.GetBytes(Text()));
        for (int i = 0; i < _fields.Length; i++)
        {
            if (_fields[i].IsReported) record.Attribute(_fields[i].Name, _values[i]);
        }

        if (sampling > 0) record.Attribute(Keys.EbpfReceiverSamplingCount, 1L << sampling);
        record.End();
    }

    /// <summary>The name of a span or the body of a log record.</summary>
    private string Text()
    {
        _text.Clear();
        foreach (TemplatePart part in _emitter.Template)
        {
            if (part.Attribute < 0) _text.Append(part.Literal);
            else if (_fieldOfAttribute[part.Attribute] is >= 0 and var field) _text.Append(_values[field].ToString());
        }

        return _text.ToString();
    }
}
