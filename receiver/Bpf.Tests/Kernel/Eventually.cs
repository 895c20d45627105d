using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>Waits for what other threads or the kernel do. That it happens is what is proven; the limit leaves room for a busy machine.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Waits until the condition holds, and fails the test with what was found if it never does.</summary>
    public static void Holds(Func<bool> condition, Func<string>? found = null)
    {
        if (!SpinWait.SpinUntil(condition, Limit))
            Fail(found);
    }

    [DoesNotReturn]
    private static void Fail(Func<string>? found) => Assert.Fail($"not so after {Limit}: {found?.Invoke() ?? "the condition never held"}");
}
