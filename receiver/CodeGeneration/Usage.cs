namespace EbpfReceiver.CodeGeneration;

/// <summary>What the program can do, for people who run it by hand.</summary>
internal static class Usage
{
    internal static int Print(TextWriter output, int exitCode)
    {
        output.WriteLine("""
            Generates C# and data of this repository; the build runs it.

            layouts    C# mirrors of the structs and enums that BPF objects share with user space
            registry   constants and the reference page of the telemetry registry
            catalogue  the index of the catalogue of probes
            COMMAND --help says more.
            """);
        return exitCode;
    }
}
