namespace EbpfReceiver.Probes.Declared;

/// <summary>The process that a series belongs to.</summary>
/// <param name="Pid">Its id; 0: none.</param>
/// <param name="StartTime">Its start in ns after boot, which tells it from another process of the same id.</param>
internal readonly record struct SeriesOwner(int Pid, ulong StartTime);
