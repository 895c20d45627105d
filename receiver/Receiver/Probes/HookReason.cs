namespace EbpfReceiver.Probes;

/// <summary>Says why a hook has found no alternative.</summary>
internal static class HookReason
{
    /// <summary>The reason that tells most: of the alternative that was best and not merely unwanted.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="kernel">The version of the kernel that refused.</param>
    public static ProbeReason Of(HookStatus hook, Version kernel)
    {
        const string Unwanted = "The configuration wants another kind (probes.attach).";
        var tried = hook.Alternatives.Where(a => a.Refusal is not null && a.Refusal != Unwanted).ToList();
        if (tried.Count == 0)
        {
            return new ProbeReason(
                hook.Name,
                $"Hook {hook.Name} has no alternative of the kind that the configuration wants.",
                "Set probes.attach to auto.");
        }

        string causes = string.Join(" ", tried.Select(a => $"{a.Name}: {a.Refusal}"));
        // The nearest of the kernels that have what this one is too old for.
        Version? minimum = tried.Select(a => AttachLadder.MinimumKernelOf(a.Kind))
            .OfType<string>()
            .Select(Version.Parse)
            .Where(v => v > kernel)
            .Min();
        return new ProbeReason(hook.Name, $"Hook {hook.Name} can't be attached. {causes}", null, minimum?.ToString());
    }
}
