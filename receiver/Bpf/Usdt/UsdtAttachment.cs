namespace EbpfReceiver.Bpf;

/// <summary>
/// Attaches a program to all sites of a USDT probe. What the arguments of a site are is written into the object's maps; which site was hit
/// the program knows by the cookie, or, on kernels without, by the address of the instruction.
/// </summary>
internal static class UsdtAttachment
{
    public static BpfLink Attach(BpfProgram program, string path, string? provider, string name, UsdtOptions options)
        => Attach(program, path, provider, name, options, KernelFeatures.Probe(KernelFeature.AttachCookie).IsAvailable);

    /// <summary>As above, with the way of knowing the site given.</summary>
    internal static BpfLink Attach(
        BpfProgram program, string path, string? provider, string name, UsdtOptions options, bool byCookie)
    {
        var description = string.IsNullOrEmpty(provider) ? $"usdt {path}:{name}" : $"usdt {path}:{provider}:{name}";
        var specifications = program.Usdt;
        var problems = new List<string>();
        var sites = Supported(UsdtProbes.Find(path, provider, name), specifications, problems);
        if (sites.Count == 0)
            throw new BpfException($"Attaching {description} is not possible: no site of it has arguments that can be read. {problems[0]}");

        var cleanup = new UsdtCleanup(specifications);
        try
        {
            var numbers = Describe(sites, specifications, options.Cookie, cleanup);
            var link = program.IsForUprobeMulti && byCookie
                ? AttachAtOnce(program, path, sites, numbers, options, description, cleanup)
                : AttachEach(program, path, sites, numbers, options, description, byCookie, cleanup);
            link.Problems = problems;
            return link;
        }
        catch
        {
            cleanup.Run();
            throw;
        }
    }

    /// <summary>Without the maps of usdt.bpf.h a program does not read arguments, or knows itself where they are.</summary>
    private static List<UsdtSite> Supported(IReadOnlyList<UsdtSite> all, UsdtSpecifications? specifications, List<string> problems)
    {
        var sites = new List<UsdtSite>();
        foreach (var site in all)
        {
            var problem = specifications is null ? null : site.Problem;
            if (specifications is { Layout.HasIndex: false } && site.Arguments.Any(a => a.Kind == UsdtArgumentKind.IndexedMemory))
            {
                problem ??= $"The arguments {site.ArgumentText} have an index register, which objects compiled with usdt.bpf.h of libbpf 1.7 and "
                    + "later know of, and this one does not.";
            }

            if (problem is null)
                sites.Add(site);
            else
                problems.Add($"Site 0x{site.FileOffset:x} of {site.Provider}:{site.Name}: {problem}");
        }

        return sites;
    }

    /// <summary>Sites with the same arguments share a specification.</summary>
    private static ulong[] Describe(
        List<UsdtSite> sites, UsdtSpecifications? specifications, ulong cookie, UsdtCleanup cleanup)
    {
        var numbers = new ulong[sites.Count];
        if (specifications is null)
        {
            Array.Fill(numbers, cookie);
            return numbers;
        }

        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!known.TryGetValue(sites[i].ArgumentText, out var number))
            {
                number = specifications.Add(sites[i].Arguments, cookie);
                cleanup.Numbers.Add(number);
                known.Add(sites[i].ArgumentText, number);
            }

            numbers[i] = (ulong)number;
        }

        return numbers;
    }

    private static BpfLink AttachAtOnce(
        BpfProgram program, string path, List<UsdtSite> sites, ulong[] cookies, UsdtOptions options, string description, UsdtCleanup cleanup)
    {
        ulong[] semaphores = sites.Exists(s => s.SemaphoreOffset != 0) ? [.. sites.Select(s => s.SemaphoreOffset)] : [];
        var places = new UprobePlaces(path, UsdtInstruction.Offsets(path, sites), semaphores, cookies);
        return UprobeMultiAttachment.Attach(
            program.Descriptor, BpfAttachType.TraceUprobeMulti, places, atReturn: false, options.ProcessId,
            $"{description} ({sites.Count} sites, uprobe.multi)", cleanup.Run);
    }

    private static BpfLink AttachEach(
        BpfProgram program, string path, List<UsdtSite> sites, ulong[] numbers, UsdtOptions options, string description, bool byCookie,
        UsdtCleanup cleanup)
    {
        ulong[] offsets = byCookie ? UsdtInstruction.Offsets(path, sites) : [.. sites.Select(s => s.FileOffset)];
        var addresses = byCookie || program.Usdt is null ? null : UsdtAddresses.Of(path, options.ProcessId, description);
        var links = LinkGroup.All(Enumerable.Range(0, sites.Count), i =>
        {
            if (addresses is not null)
            {
                var address = addresses.At(sites[i].FileOffset);
                program.Usdt!.AddAddress(address, (int)numbers[i]);
                cleanup.Addresses.Add(address);
            }

            var uprobe = new UprobeOptions
            {
                ProcessId = options.ProcessId,
                Cookie = byCookie ? numbers[i] : 0,
                SemaphoreOffset = sites[i].SemaphoreOffset,
            };
            return program.IsForUprobeMulti
                ? UprobeMultiAttachment.Attach(program.Descriptor, path, offsets[i], uprobe)
                : UprobeAttachment.Attach(program.Descriptor, path, offsets[i], uprobe);
        });
        return new LinkGroup(links, $"{description} ({sites.Count} sites, perf_uprobe)", cleanup.Run);
    }
}
