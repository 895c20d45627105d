namespace EbpfReceiver.ProbeLanguage;

/// <summary>A set that user space keeps (<see cref="InSetExpression"/>): a hash with keys of 8 bytes and values of 1 byte that mean nothing.</summary>
/// <param name="Set">Name of the set.</param>
/// <param name="MapName">Name of its map.</param>
public sealed record SetLayout(string Set, string MapName);
