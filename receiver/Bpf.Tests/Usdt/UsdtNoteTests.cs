using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Usdt;

public sealed class UsdtNoteTests
{
    [Fact]
    public void Notes_of_others_are_passed_over()
    {
        byte[] section = [.. Note("GNU\0", 3, [1, 2, 3, 4, 5]), .. Probe("p", "n", "8@%rax"), .. Note("stapsdt\0", 2, []),
            .. Probe("p", "m", "")];
        ReadOnlySpan<byte> rest = section;
        Assert.True(UsdtNoteReader.TryRead(ref rest, out var first, out _));
        Assert.Equal(new UsdtNote(0x1000, 0x2000, 0x3000, "p", "n", "8@%rax"), first);
        Assert.True(UsdtNoteReader.TryRead(ref rest, out var second, out _));
        Assert.Equal(("m", ""), (second.Name, second.Arguments));
        Assert.False(UsdtNoteReader.TryRead(ref rest, out _, out var problem));
        Assert.Null(problem);
    }

    [Fact]
    public void A_note_without_an_end_is_malformed()
    {
        var sound = Probe("p", "n", "8@%rax");
        // The last string loses its terminator; the description says it is shorter.
        BinaryPrimitives.WriteInt32LittleEndian(sound.AsSpan(4), 24 + 4 + 6);
        ReadOnlySpan<byte> rest = sound;
        Assert.False(UsdtNoteReader.TryRead(ref rest, out _, out var problem));
        Assert.Equal("a USDT note is cut short", problem);

        BinaryPrimitives.WriteUInt32LittleEndian(sound.AsSpan(4), uint.MaxValue);
        rest = sound;
        Assert.False(UsdtNoteReader.TryRead(ref rest, out _, out problem));
        Assert.Equal("a USDT note reaches past the end of its section", problem);
    }

    [Fact]
    public void Damaged_notes_end_in_bounded_steps_and_without_an_exception()
    {
        const int seed = 20261130; // the same damage every time: what a run finds, the next one finds again
        var random = new Random(seed);
        byte[] sound = [.. Probe("libc", "setjmp", "8@%rdi -4@%esi 8@%rax"), .. Probe("a", "b", ""), .. Probe("long", "name", "8@(%rax)")];
        for (var round = 0; round < 300_000; round++)
        {
            var damaged = sound.AsSpan(0, random.Next(4) == 0 ? random.Next(sound.Length) : sound.Length).ToArray();
            for (var i = random.Next(6); i > 0 && damaged.Length > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                ReadOnlySpan<byte> rest = damaged;
                var count = 0;
                while (UsdtNoteReader.TryRead(ref rest, out var note, out _))
                {
                    Assert.True(++count <= 12);
                    _ = UsdtArguments.Parse(note.Arguments, UsdtArchitecture.X64);
                }
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {round}: {Convert.ToHexString(damaged)}: {e}");
            }
        }
    }

    [Fact]
    public void The_probes_of_a_library_are_those_that_readelf_shows()
    {
        var library = SharedLibraries.Locate("libstdc++.so.6");
        var sites = UsdtProbes.Read(library);
        var expected = Readelf(library);
        Assert.SkipUnless(expected.Count > 0, "This libstdc++ has no USDT probes.");
        Assert.Equal(expected.Select(e => (e.Provider, e.Name, e.Arguments)), sites.Select(s => (s.Provider, s.Name, s.ArgumentText)));
        using var file = ImageFile.Open(library);
        var moved = file.FindSection(".stapsdt.base")!.Value.Address;
        Span<byte> code = stackalloc byte[1];
        foreach (var (site, note) in sites.Zip(expected))
        {
            Assert.Equal(file.FileOffsetOf(note.Location + moved - note.Base, executable: true), site.FileOffset);
            Assert.Equal(1, file.ReadFile(site.FileOffset, code));
            Assert.Equal(0x90, code[0]); // nop
        }

        var thrown = UsdtProbes.Find(library, "libstdcxx", "throw");
        Assert.All(thrown, s => Assert.Null(s.Problem));
        var missing = Assert.Throws<BpfException>(() => UsdtProbes.Find(library, "libstdcxx", "no_such_probe"));
        Assert.StartsWith($"{library} has no USDT probe libstdcxx:no_such_probe; it has libstdcxx:", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_probes_has_none()
    {
        Assert.Empty(UsdtProbes.Read("/bin/true"));
        Assert.Equal("/bin/true has no USDT probe x:y: it has none at all.",
            Assert.Throws<BpfException>(() => UsdtProbes.Find("/bin/true", "x", "y")).Message);
        Assert.Throws<BpfFormatException>(() => UsdtProbes.Read("/etc/passwd"));
    }

    private static List<(string Provider, string Name, ulong Location, ulong Base, string Arguments)> Readelf(string path)
    {
        var notes = new List<(string, string, ulong, ulong, string)>();
        string provider = "", name = "";
        ulong location = 0, reference = 0;
        foreach (var line in Toolchain.Run("readelf", $"-nW {path}").Split('\n').Select(l => l.Trim()))
        {
            if (line.IndexOf("Provider: ", StringComparison.Ordinal) is >= 0 and var at)
                provider = line[(at + 10)..];
            else if (line.StartsWith("Name: ", StringComparison.Ordinal))
                name = line[6..];
            else if (line.StartsWith("Location: ", StringComparison.Ordinal))
                (location, reference) = (Hex(line.Split(',')[0]), Hex(line.Split(',')[1]));
            else if (line.StartsWith("Arguments:", StringComparison.Ordinal))
                notes.Add((provider, name, location, reference, line[10..].Trim()));
        }

        return notes;

        static ulong Hex(string field)
            => ulong.Parse(field[(field.IndexOf("0x", StringComparison.Ordinal) + 2)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static byte[] Probe(string provider, string name, string arguments)
    {
        var text = Encoding.ASCII.GetBytes($"{provider}\0{name}\0{arguments}\0");
        var description = new byte[24 + text.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(description, 0x1000);
        BinaryPrimitives.WriteUInt64LittleEndian(description.AsSpan(8), 0x2000);
        BinaryPrimitives.WriteUInt64LittleEndian(description.AsSpan(16), 0x3000);
        text.CopyTo(description, 24);
        return Note("stapsdt\0", 3, description);
    }

    private static byte[] Note(string name, uint type, byte[] description)
    {
        var bytes = new byte[12 + Aligned(name.Length) + Aligned(description.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), description.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), type);
        Encoding.ASCII.GetBytes(name, bytes.AsSpan(12));
        description.CopyTo(bytes, 12 + Aligned(name.Length));
        return bytes;

        static int Aligned(int size) => (size + 3) & ~3;
    }
}
