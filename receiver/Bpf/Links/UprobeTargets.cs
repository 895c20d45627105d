namespace EbpfReceiver.Bpf;

/// <summary>Turns symbols and patterns into places of a file, for links that take many.</summary>
internal static class UprobeTargets
{
    public static BpfLink Attach(BpfProgram program, string file, UprobeMultiOptions options)
    {
        var path = ProbedFiles.Locate(file);
        var isSession = program.Spec.ExpectedAttachType == BpfAttachType.TraceUprobeSession;
        var atReturn = options.AtReturn || program.Spec.Kind is ProgramKind.UretprobeMulti or ProgramKind.Uretprobe;
        var kind = isSession ? "uprobe.session" : atReturn ? "uretprobe.multi" : "uprobe.multi";
        var (offsets, what) = Places(path, options, kind);
        var description = $"{kind} {path}:{what}";
        if (isSession && options.AtReturn)
            throw new BpfException($"Attaching {description} is not possible: a session is at entry and return both.");
        MissingFeature.Check(isSession ? KernelFeature.UprobeSession : KernelFeature.UprobeMulti, $"attaching {description}");
        if (!isSession && !program.IsForUprobeMulti)
        {
            throw new BpfException($"Attaching {description} is not possible: program {program.Spec.Name} ({program.Spec.SectionName}) was not loaded "
                + "for such links; its section has to be uprobe.multi or uretprobe.multi.");
        }

        if (offsets.Length == 0)
            throw new BpfException($"Attaching {description} is not possible: the file defines no function with such a name.");
        var places = new UprobePlaces(
            path, offsets, InStep(options.SemaphoreOffsets, offsets, "semaphores"), InStep(options.Cookies, offsets, "cookies"));
        return UprobeMultiAttachment.Attach(
            program.Descriptor, isSession ? BpfAttachType.TraceUprobeSession : BpfAttachType.TraceUprobeMulti, places,
            atReturn && !isSession, options.ProcessId, description);

        ulong[] InStep(IReadOnlyList<ulong>? values, ulong[] offsets, string name)
            => values is null || values.Count == offsets.Length
                ? values?.ToArray() ?? []
                : throw new BpfException($"Attaching {description} is not possible: there are {values.Count} {name} for {offsets.Length} places.");
    }

    private static (ulong[] Offsets, string What) Places(string path, UprobeMultiOptions options, string kind)
    {
        var ways = (options.Offsets is null ? 0 : 1) + (options.Symbols is null ? 0 : 1) + (options.Pattern is null ? 0 : 1);
        if (ways != 1)
            throw new BpfException($"Attaching {kind} takes either offsets, or symbols, or a pattern; {ways} of them are given.");
        if (options.Offsets is { } offsets)
            return ([.. offsets], $"{offsets.Count} places");
        if (options.Symbols is { } symbols)
            return ([.. symbols.Select(s => ElfSymbols.Resolve(path, s))], symbols.Count == 1 ? symbols[0] : $"{symbols.Count} functions");
        var pattern = options.Pattern!;
        if (!Glob.IsPattern(pattern))
            return ([ElfSymbols.Resolve(path, pattern)], pattern);
        var found = ElfSymbols.Matching(path, pattern);
        return ([.. found.Select(f => f.FileOffset)], $"{pattern} ({found.Count} functions)");
    }
}
