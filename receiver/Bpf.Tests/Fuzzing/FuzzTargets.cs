using EbpfReceiver.Bpf.Interop;
using EbpfReceiver.Bpf.Tests.Samples;

namespace EbpfReceiver.Bpf.Tests.Fuzzing;

/// <summary>All parsers of what others wrote: files, notes, and what programs of the kernel put into memory that is shared.</summary>
internal static unsafe class FuzzTargets
{
    private const int RingSize = 4096;
    private const int ProducerOffset = 64;

    private static readonly Lazy<BtfTypes> Kernel = new(() => BtfTypes.LoadFile(Toolchain.CompileBtf("CoRe/kernel.c")));
    private static readonly Lazy<BpfObjectSpec> Relocations = new(() => BpfObjectSpec.Parse(Object("CoRe/relocations.bpf.c"), "relocations"));
    private static readonly Lazy<BtfTypes> RelocationTypes = new(() => BtfTypes.Parse(Section(Object("CoRe/relocations.bpf.c"), ".BTF")));

    private static readonly KernelConfiguration Configuration = KernelConfiguration.Parse(
        "CONFIG_HZ=250\nCONFIG_BPF_SYSCALL=y\nCONFIG_BPF_JIT=m\nCONFIG_BPF=n\nCONFIG_CC_VERSION_TEXT=\"gcc\"\n", "a test");

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("elf", Objects, Link, 3000),
        new("btf", () => [File.ReadAllBytes(Toolchain.CompileBtf("CoRe/kernel.c"))], LinkAgainst, 500),
        new("btf-ext", () => [Section(Object("CoRe/relocations.bpf.c"), ".BTF.ext")], ReadInfos, 20_000),
        new("usdt-notes", () => [UsdtSeeds.Notes()], ReadNotes, 100_000),
        new("usdt-arguments", () => [.. UsdtSeeds.Arguments.Select(text => System.Text.Encoding.Latin1.GetBytes(text))], ReadArguments, 100_000),
        new("symbols", () => [File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Objects", "target"))], FindSymbols, 1500),
        new("perf-records", PerfSeeds, ReadPerfBuffer, 50_000),
        new("perf-records-backward", PerfSeeds, ReadOverwritten, 50_000),
        new("ring-records", RingSeeds, ReadRingBuffer, 50_000),
    ];

    private static byte[] Object(string source) => File.ReadAllBytes(Toolchain.CompileBpf(source));

    private static byte[][] Objects() =>
    [
        Object("CoRe/relocations.bpf.c"),
        File.ReadAllBytes(Toolchain.CompileBpf("Specs/maps.bpf.c", "-DEXTERN")),
        File.ReadAllBytes(Toolchain.CompileBpf("Specs/maps.bpf.c", "--target=bpfeb")),
        File.ReadAllBytes(Toolchain.CompileBpf("Programs/externs.bpf.c", "-DCALLS")),
        Object("Programs/entries.bpf.c"),
        Object("Specs/legacy.bpf.c"),
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Objects"), "*.o").Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];

    private static byte[] Section(byte[] image, string name)
    {
        var elf = ElfObject.Parse(image, name);
        return elf.BytesOf(elf.Find(name)!).ToArray();
    }

    private static void Link(byte[] image)
    {
        var spec = BpfObjectSpec.Parse(image, "mutant");
        Tolerate(() => spec.SetConstant("limit", 5L));
        foreach (var program in spec.Programs)
        {
            Tolerate(() =>
            {
                var linked = ProgramLinker.Link(spec, program, Kernel.Value);
                _ = linked.SourceLineAt(3);
                _ = linked.InstructionsAsInObject();
                // Addresses are looked for in /proc/kallsyms, which takes longer than all the rest.
                if (Array.TrueForAll(linked.Externs, static e => e.Extern.Kind != ExternKind.Symbol))
                    _ = new KernelExterns(Kernel.Value, []).Apply(spec, linked);
            });
        }
        if (spec.Maps.TryGetValue(".kconfig", out var values))
            Tolerate(() => ConfigurationValues.Fill(spec, values.ValueSize, static () => Configuration, static _ => 1));
        if (spec.Types is { } types)
        {
            Describe(types);
            Tolerate(() => OlderTypes.Of(ExternTypes.Without(types)));
        }
    }

    private static void LinkAgainst(byte[] image)
    {
        var kernel = BtfTypes.Parse(image);
        foreach (var program in Relocations.Value.Programs)
            Tolerate(() => ProgramLinker.Link(Relocations.Value, program, kernel));
        Describe(kernel);
        _ = OlderTypes.Of(kernel);
    }

    private static void Describe(BtfTypes types)
    {
        for (var id = 0u; id < types.Count; id++)
            _ = types.Describe(id);
    }

    private static void ReadInfos(byte[] image)
    {
        var extension = BtfExtension.Parse(image, RelocationTypes.Value);
        foreach (var section in (ReadOnlySpan<string>)["tp/test", "tp/matches", ".text"])
        {
            var relocations = extension.RelocationsOf(section);
            for (var i = 0; i < relocations.Count; i++)
                _ = CoreRelocation.Read(relocations[i]);
            var (functions, lines) = (extension.FunctionsOf(section), extension.LinesOf(section));
            for (var i = 0; i < functions.Count; i++)
                _ = functions[i].Length;
            for (var i = 0; i < lines.Count; i++)
                _ = lines[i].Length;
        }
    }

    private static void ReadNotes(byte[] section)
    {
        ReadOnlySpan<byte> rest = section;
        for (var left = rest.Length; UsdtNoteReader.TryRead(ref rest, out var note, out _); left = rest.Length)
        {
            if (rest.Length >= left)
                throw new InvalidOperationException("the reader does not advance");
            _ = UsdtArguments.Parse(note.Arguments, UsdtArchitecture.X64);
        }
    }

    private static void ReadArguments(byte[] text)
    {
        var characters = System.Text.Encoding.Latin1.GetString(text);
        _ = UsdtArguments.Parse(characters, UsdtArchitecture.X64);
        _ = UsdtArguments.Parse(characters, UsdtArchitecture.Arm64);
    }

    private static void FindSymbols(byte[] image)
    {
        // In memory: a file to the loader, which reads it in parts.
        var path = Path.Combine("/dev/shm", $"bpf-fuzz-image-{Environment.ProcessId}");
        File.WriteAllBytes(path, image);
        try
        {
            _ = ElfSymbols.TryResolve(path, "probed_function", out _, out _);
            _ = ElfSymbols.TryResolve(path, "getpgid@GLIBC_2.2.5", out _, out _);
            Tolerate(() => UsdtProbes.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Eight bytes of tail, eight of head, and a buffer with records.</summary>
    private static byte[][] PerfSeeds() =>
        [.. ((int[])[20, 100, 300, 1000]).Select(size => Buffer(size + 12, (at, record) =>
        {
            BitConverter.TryWriteBytes(record, at % 3 == 0 ? PerfRecords.TypeLost : PerfRecords.TypeSample);
            BitConverter.TryWriteBytes(record[6..], (ushort)record.Length);
            BitConverter.TryWriteBytes(record[8..], record.Length - 12);
        }))];

    private static byte[][] RingSeeds() =>
        [.. ((int[])[8, 20, 300]).Select(size => Buffer(size + 8, (at, record) =>
            BitConverter.TryWriteBytes(record, (uint)(record.Length - 8) | (at % 5 == 0 ? RingBufferRecords.Discarded : 0))))];

    private static byte[] Buffer(int size, RecordWriter write)
    {
        var image = new byte[16 + RingSize];
        size = (size + 7) & ~7;
        var at = 0;
        for (; at + size <= RingSize; at += size)
            write(at / size, image.AsSpan(16 + at, size));
        BitConverter.TryWriteBytes(image.AsSpan(8), (ulong)at);
        return image;
    }

    private static void ReadPerfBuffer(byte[] input)
    {
        using var memory = Shared(input, 1, out var tail, out var head);
        *(ulong*)(memory.Page + PerfRecords.DataHeadOffset) = head;
        *(ulong*)(memory.Page + PerfRecords.DataTailOffset) = tail;
        _ = new PerfRing(0, memory.Page, memory.Data, RingSize, new byte[PerfRecords.MaximumSize]).Drain(new CheckingSink(), int.MaxValue);
    }

    private static void ReadOverwritten(byte[] input)
    {
        using var memory = Shared(input, 1, out _, out var head);
        *(ulong*)(memory.Page + PerfRecords.DataHeadOffset) = head;
        using var ring = new OverwriteRing(0, memory.Page, memory.Data, RingSize);
        _ = ring.Read(new CheckingSink(), new byte[PerfRecords.MaximumSize]);
    }

    private static void ReadRingBuffer(byte[] input)
    {
        using var memory = Shared(input, 2, out var consumed, out var produced);
        *(ulong*)memory.Page = consumed;
        *(ulong*)(memory.Page + ProducerOffset) = produced;
        _ = new RingBuffer("fuzzed", (ulong*)memory.Page, (ulong*)(memory.Page + ProducerOffset), memory.Data, RingSize)
            .Drain(new CheckingSink(), int.MaxValue);
    }

    private static RingMemory Shared(byte[] input, int copies, out ulong first, out ulong second)
    {
        Span<byte> positions = stackalloc byte[16];
        input.AsSpan(0, Math.Min(16, input.Length)).CopyTo(positions);
        first = BitConverter.ToUInt64(positions);
        second = BitConverter.ToUInt64(positions[8..]);
        var memory = new RingMemory(RingSize, copies);
        if (input.Length > 16)
            memory.Write(0, input.AsSpan(16, Math.Min(RingSize, input.Length - 16)));
        return memory;
    }

    private static void Tolerate(Action action)
    {
        try
        {
            action();
        }
        catch (BpfException)
        {
            // Said properly.
        }
    }

    private delegate void RecordWriter(int index, Span<byte> record);
}
