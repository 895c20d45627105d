namespace EbpfReceiver.Bpf;

/// <summary>A note of .note.stapsdt as it stands in the file; the numbers are addresses of the time it was linked.</summary>
/// <param name="Location">Address of the probe's instruction.</param>
/// <param name="Base">Address that .stapsdt.base had then; 0 if it did not have that section.</param>
/// <param name="Semaphore">Address of the semaphore; 0 for none.</param>
/// <param name="Provider">Provider.</param>
/// <param name="Name">Name.</param>
/// <param name="Arguments">Arguments, not yet taken apart.</param>
internal readonly record struct UsdtNote(
    ulong Location, ulong Base, ulong Semaphore, string Provider, string Name, string Arguments);
