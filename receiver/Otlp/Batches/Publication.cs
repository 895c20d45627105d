namespace EbpfReceiver.Otlp;

/// <summary>What became of a batch that was published for a sender who waits for the answer.</summary>
/// <param name="IsTaken">False: there are outlets that queue the signal, none of them has room, and it is counted nowhere.</param>
/// <param name="Stored">Ends when all outlets that took it and have a queue on disk have stored it (<see cref="IOutlet.StoredAsync"/>).</param>
public readonly record struct Publication(bool IsTaken, Task Stored);
