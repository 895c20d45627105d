namespace EbpfReceiver.ProbeLanguage;

/// <summary>The machine does not have a hook.</summary>
/// <param name="hook">Which.</param>
/// <param name="message">Why, and what is there instead.</param>
internal sealed class HookMissingException(HookReference hook, string message) : Exception(message)
{
    public ProbeDiagnostic Diagnostic => new(hook.Location, hook.Key, Message);
}
