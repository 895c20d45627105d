namespace EbpfReceiver.Bpf;

/// <summary>One place in a file where a USDT probe is; the compiler makes several of one probe when it inlines or unrolls.</summary>
/// <param name="Provider">Who defines it, for example <c>libc</c>.</param>
/// <param name="Name">Name of the probe.</param>
/// <param name="FileOffset">Offset in bytes in the file of its instruction (a nop).</param>
/// <param name="SemaphoreOffset">Offset in bytes in the file of the 16-bit counter that the program looks at; 0 if it has none.</param>
/// <param name="ArgumentText">The arguments as the compiler wrote them: <c>-4@%eax 8@-16(%rbp)</c>.</param>
/// <param name="Arguments">The arguments in order, 12 at most.</param>
public sealed record UsdtSite(
    string Provider, string Name, ulong FileOffset, ulong SemaphoreOffset, string ArgumentText, IReadOnlyList<UsdtArgument> Arguments)
{
    /// <summary>A sentence on the first argument that is not supported; null if all are.</summary>
    public string? Problem
    {
        get
        {
            foreach (var argument in Arguments)
            {
                if (argument.Problem is { } problem)
                    return problem;
            }

            return null;
        }
    }
}
