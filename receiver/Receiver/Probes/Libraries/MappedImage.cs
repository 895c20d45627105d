namespace EbpfReceiver.Probes.Libraries;

/// <summary>A library that a process mapped for the first time, as the kernel side reports it.</summary>
/// <param name="Pid">The process; it may be gone.</param>
/// <param name="Name">The last component of the file's path.</param>
/// <param name="Inode">The file's inode.</param>
/// <param name="Device">The kernel's dev_t: major &lt;&lt; 20 | minor.</param>
internal readonly record struct MappedImage(int Pid, string Name, ulong Inode, uint Device);
