using EbpfReceiver.Hosting;

namespace EbpfReceiver.Tests.Hosting;

public sealed class StartMemoryTests
{
    private const string Binary = "/usr/bin/ebpf-receiver";

    // As Linux 6.18 writes them, shortened to the lines that count.
    private static readonly string[] s_lines =
    [
        "5556a7081000-5556a79d5000 r-xp 0002d000 fe:00 1312                       /usr/bin/ebpf-receiver",
        "Size:               9552 kB", "Private_Dirty:         0 kB", "Anonymous:             0 kB", "VmFlags: rd ex mr mw me sd",
        "5556a79d5000-5556a8004000 r--p 00981000 fe:00 1312                       /usr/bin/ebpf-receiver",
        "Anonymous:             0 kB",
        "5556a8004000-5556a8005000 r--p 00fb0000 fe:00 1312                       /usr/bin/ebpf-receiver",
        "Anonymous:             4 kB",
        "5556a837f000-5556a83d5000 rw-p 0132b000 fe:00 1312                       /usr/bin/ebpf-receiver",
        "Anonymous:             0 kB",
        "7ff209cdb000-7ff209e31000 r-xp 00026000 fe:00 2290                       /usr/lib/x86_64-linux-gnu/libc.so.6",
        "Anonymous:             0 kB",
        "7ff209e8a000-7ff209e97000 rw-p 00000000 00:00 0",
        "Anonymous:            20 kB",
        "7fffb165c000-7fffb167d000 r--p 00000000 00:00 0                          [stack]/usr/bin/ebpf-receiver",
        "Anonymous:             0 kB",
    ];

    [Fact]
    public void Only_clean_pages_of_the_programs_own_file_are_let_go()
    {
        // Relocated data is mapped for reading, too, but differs from the file: it would come back as it was before.
        Assert.Equal(
            [(unchecked((nuint)0x5556a7081000), (nuint)0x954000), (unchecked((nuint)0x5556a79d5000), (nuint)0x62f000)],
            StartMemory.CleanMappings(s_lines, Binary));
    }

    [Fact]
    public void Nothing_is_let_go_where_the_programs_file_is_not_known() => Assert.Empty(StartMemory.CleanMappings(s_lines, ""));
}
