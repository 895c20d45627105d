using EbpfReceiver.Cli;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes.Declared;

namespace EbpfReceiver.Trace;

/// <summary>What is to be traced: a one-liner or a file.</summary>
/// <param name="Probes">Its probes.</param>
/// <param name="Duration">How long it asks to be traced; null: it does not say.</param>
internal sealed record TraceInput(IReadOnlyList<ProbeSource> Probes, TimeSpan? Duration)
{
    /// <summary>Reads it.</summary>
    /// <param name="expression">A one-liner; null: a file is given.</param>
    /// <param name="path">A probe file; null: a one-liner is given.</param>
    /// <exception cref="CommandFailedException">Neither or both are given, or it is wrong; the message has all errors.</exception>
    public static TraceInput Read(string? expression, string? path)
    {
        if ((expression is null) == (path is null))
        {
            throw new CommandFailedException(
                expression is null ? "what is to be traced? Give an expression or --file" : "either an expression or --file, not both",
                "For example: ebpf-receiver trace 'kprobe:vfs_read { @[comm] = count() }'",
                ExitCode.Usage);
        }

        if (path is not null) return new TraceInput(ProbeSource.Of(ProbeFileText.Parse(path), path), null);
        try
        {
            ProbeFile program = BpftraceImporter.Parse(expression!);
            return new TraceInput(ProbeSource.Of(program, BpftraceImporter.CommandLine), program.Duration);
        }
        catch (ProbeLanguageException e)
        {
            throw ProbeFileText.Refused(e);
        }
    }
}
