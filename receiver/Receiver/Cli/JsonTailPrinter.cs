using System.Buffers;
using System.Text;
using EbpfReceiver.Otlp;
using Google.Protobuf;

namespace EbpfReceiver.Cli;

/// <summary>Prints OTLP JSON lines, as the file exporter writes them.</summary>
internal sealed class JsonTailPrinter(TextWriter output) : ITailPrinter
{
    private readonly ArrayBufferWriter<byte> _line = new();

    public void Print(Signal signal, int items, IMessage data)
    {
        _line.ResetWrittenCount();
        if (OtlpJson.TryWrite(signal, data.ToByteArray(), _line))
            output.WriteLine(Encoding.UTF8.GetString(_line.WrittenSpan).TrimEnd('\n'));
        output.Flush();
    }

    public void Tick()
    {
    }
}
