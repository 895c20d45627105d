using System.Buffers.Binary;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>Global variables and functions (Objects/data.bpf.c).</summary>
internal static class DataCases
{
    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("data.variables", _ => Variables()),
        new("data.own_sections", _ => Sections()),
        new("data.functions", _ => Run("on_functions")),
        new("data.callback_for_each", _ => ForEach()),
        new("data.callback_loop", _ => Loop()),
    ];

    private static void Run(string program)
    {
        using var data = CaseRun.Create("data");
        data.Run(program);
    }

    private static void ForEach()
    {
        using var calls = CaseRun.Create("calls");
        var numbers = calls.Object.Map("numbers").As<uint, ulong>();
        for (uint i = 0; i < 10; i++)
            numbers.Update(i, 100 * i);
        calls.Run("on_each");
    }

    private static void Loop()
    {
        using var calls = CaseRun.Create("calls");
        calls.Run("on_loop");
    }

    private static void Variables()
    {
        var spec = CaseRun.Spec("data");
        spec.SetConstant("set_by_the_loader", 0x1122334455667788UL);
        using var data = CaseRun.Create(spec);
        data.Run("on_data");
        var bss = data.Object.Map(".bss");
        Span<byte> contents = new byte[bss.EntryBytes];
        CaseRun.True(bss.TryLookup(stackalloc byte[4], contents), ".bss can't be read");
        // The order of the variables is the compiler's choice.
        CaseRun.True(contents.IndexOf<byte>([88, 0, 0, 0, 0, 0, 0, 0]) >= 0, "zeroed[7] is not in .bss");
    }

    private static void Sections()
    {
        using var data = CaseRun.Create("data");
        data.Run("on_sections");
        Span<byte> value = stackalloc byte[4];
        CaseRun.True(data.Object.Map(".data.own").TryLookup(stackalloc byte[4], value), ".data.own can't be read");
        CaseRun.Equal(2U, BinaryPrimitives.ReadUInt32LittleEndian(value), "own_section");
    }
}
