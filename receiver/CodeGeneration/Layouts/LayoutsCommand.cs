using EbpfReceiver.Bpf;

namespace EbpfReceiver.CodeGeneration;

/// <summary><c>layouts</c>: writes C# mirrors of the layouts in the BTF of BPF objects.</summary>
internal static class LayoutsCommand
{
    private const string Help = """
        layouts --namespace NAMESPACE --output FILE [--root TYPE] OBJECT...

        Writes C# mirrors of the structs, unions and enums that the BPF objects share with user space: those that the members
        of one union (by default union sample_layouts) have, and what these are made of. All objects must agree on them.

          --namespace NAMESPACE   namespace of the C# types
          --output FILE           file to write
          --root TYPE             name of the union (or struct) whose members are mirrored; default sample_layouts

        struct process_exec becomes ProcessExec with explicit offsets; arguments_length becomes ArgumentsLength; arrays become
        [InlineArray] structs; a flexible array at the end becomes a constant, TailOffset. enum sample_kind becomes SampleKind, and
        SAMPLE_PROCESS_FORK in it ProcessFork.
        """;

    internal static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is ["-h" or "--help"])
        {
            output.WriteLine(Help);
            return 0;
        }
        string? target = null, nameSpace = null;
        var root = "sample_layouts";
        var objects = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--namespace" when i + 1 < args.Length:
                    nameSpace = args[++i];
                    break;
                case "--output" when i + 1 < args.Length:
                    target = args[++i];
                    break;
                case "--root" when i + 1 < args.Length:
                    root = args[++i];
                    break;
                case ['-', ..]:
                    errors.WriteLine($"layouts: {args[i]} is not known or lacks its value; see layouts --help.");
                    return 2;
                default:
                    objects.Add(args[i]);
                    break;
            }
        }
        if (target is null || nameSpace is null || objects.Count == 0)
        {
            errors.WriteLine("layouts: --namespace, --output and at least one object are needed; see layouts --help.");
            return 2;
        }

        try
        {
            var layouts = new LayoutSet();
            foreach (var path in objects)
                new LayoutReader(path, BpfObjectSpec.Parse(File.ReadAllBytes(path), path)).ReadInto(layouts, root);
            File.WriteAllText(target, LayoutWriter.Write(layouts, nameSpace));
            return 0;
        }
        catch (Exception e) when (e is BpfException or LayoutException or IOException or UnauthorizedAccessException)
        {
            // The form that build tools show as an error of the build.
            errors.WriteLine($"layouts : error BPF0003: {e.Message}");
            return 1;
        }
    }
}
