namespace EbpfReceiver.LoaderCases;

/// <summary>One thing that the loader is to do on every kernel.</summary>
/// <param name="Name">Area and name, for example <c>attach.kprobe</c>.</param>
/// <param name="Body">Does it; throws <see cref="CaseFailedException"/> if the outcome is wrong.</param>
/// <param name="Alone">It does something to the machine, and is run only where nothing else is (<c>--alone</c>).</param>
internal sealed record LoaderCase(string Name, Action<CaseRun> Body, bool Alone = false);
