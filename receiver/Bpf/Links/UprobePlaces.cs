namespace EbpfReceiver.Bpf;

/// <summary>Places in a file that a program is attached to by one link.</summary>
/// <param name="Path">The file.</param>
/// <param name="Offsets">Offsets in the file.</param>
/// <param name="Semaphores">Offsets of semaphores in step with them, or empty.</param>
/// <param name="Cookies">Cookies in step with them, or empty.</param>
internal readonly record struct UprobePlaces(string Path, ulong[] Offsets, ulong[] Semaphores, ulong[] Cookies);
