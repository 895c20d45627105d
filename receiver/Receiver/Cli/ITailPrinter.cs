using EbpfReceiver.Otlp;
using Google.Protobuf;

namespace EbpfReceiver.Cli;

/// <summary>How <c>tail</c> prints.</summary>
internal interface ITailPrinter
{
    /// <summary>Prints TracesData, LogsData or MetricsData.</summary>
    void Print(Signal signal, int items, IMessage data);

    /// <summary>Prints what became due by the passing of time.</summary>
    void Tick();
}
