using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases;

/// <summary>
/// Objects that others wrote: each program is loaded on its own, and the outcome is <c>loaded</c>, <c>refused</c> with the loader's
/// sentence, or <c>failed</c> if the loader threw what it does not document.
/// </summary>
internal static class Corpus
{
    public static void Load(string directory)
    {
        var types = BtfTypes.LoadKernel();
        foreach (var path in Directory.GetFiles(directory).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            try
            {
                var spec = BpfObjectSpec.Parse(File.ReadAllBytes(path), name);
                SetSizes(spec);
                using var loaded = BpfObject.Create(spec, new BpfObjectOptions { KernelTypes = types });
                foreach (var program in spec.Programs)
                    Load(loaded, program.Name);
            }
            catch (BpfException e)
            {
                JsonLine.Write($"{name} -", "refused", e.Message, [], 0);
            }
        }
    }

    private static void Load(BpfObject loaded, string program)
    {
        var (outcome, reason) = ("loaded", "");
        var started = Environment.TickCount64;
        try
        {
            loaded.Load(program).Dispose();
        }
        catch (BpfException e)
        {
            (outcome, reason) = ("refused", e.Message);
        }
        catch (Exception e) // what the loader does not document is what the test looks for
        {
            (outcome, reason) = ("failed", e.ToString());
        }

        JsonLine.Write($"{loaded.Spec.Name} {program}", outcome, reason, [], Environment.TickCount64 - started);
    }

    // What the tools set when they run; the same as in Loader/reference.c.
    private static void SetSizes(BpfObjectSpec spec)
    {
        foreach (var map in spec.Maps.Values)
        {
            if (map.MaxEntries == 0)
                map.MaxEntries = 1024;
            if (map.Type == BpfMapType.StackTrace && map.ValueSize < 8)
                map.ValueSize = 127 * 8;
        }
    }
}
