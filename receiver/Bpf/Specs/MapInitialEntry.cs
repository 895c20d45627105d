namespace EbpfReceiver.Bpf;

/// <summary>An entry that an object has in an array of maps or programs from the start.</summary>
/// <param name="Index">Index in the array, or the key of a hash of maps.</param>
/// <param name="Name">Name of the map or program.</param>
public readonly record struct MapInitialEntry(uint Index, string Name);
