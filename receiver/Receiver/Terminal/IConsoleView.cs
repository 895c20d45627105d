namespace EbpfReceiver.Terminal;

/// <summary>Writes what is to be shown; one thread at a time.</summary>
internal interface IConsoleView
{
    /// <summary>Shows an event.</summary>
    void Write(EventLine line);

    /// <summary>Says how many events were left out.</summary>
    void WriteHidden(long count);

    /// <summary>Shows the metrics of an interval.</summary>
    void Write(ShownSummary summary);

    /// <summary>Hands what was written to the terminal.</summary>
    void Flush();
}
