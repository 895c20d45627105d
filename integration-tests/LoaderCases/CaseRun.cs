using System.Globalization;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases;

/// <summary>What a case has at hand, and what it found out.</summary>
internal sealed class CaseRun(string probed)
{
    private const int TriggerArgument = 0x5a17;
    private static readonly Lazy<BtfTypes> Types = new(BtfTypes.LoadKernel);

    /// <summary>Types of the running kernel, read once.</summary>
    public static BtfTypes KernelTypes => Types.Value;

    /// <summary>The running kernel as 1000 * major + minor: 5010 is 5.10.</summary>
    public static uint Release { get; } = ReadRelease();

    /// <summary>Path of the program to probe.</summary>
    public string Probed { get; } = probed;

    /// <summary>What is worth telling of the run, beside its outcome.</summary>
    public List<KeyValuePair<string, string>> Facts { get; } = [];

    public void Fact(string name, object value) =>
        Facts.Add(new(name, Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));

    /// <summary>Fails the case unless the two are the same.</summary>
    public static void Equal<T>(T expected, T actual, string what) where T : IEquatable<T>
    {
        if (!expected.Equals(actual))
            throw new CaseFailedException($"{what}: expected {expected}, got {actual}");
    }

    /// <summary>Fails the case unless something holds.</summary>
    public static void True(bool condition, string what)
    {
        if (!condition)
            throw new CaseFailedException(what);
    }

    /// <summary>Runs what must be refused, and gives the refusal.</summary>
    public static BpfException Refused(Action action, string what)
    {
        try
        {
            action();
        }
        catch (BpfException e)
        {
            return e;
        }

        throw new CaseFailedException($"{what} was not refused");
    }

    /// <summary>An object of Objects/, with the constants that every one has.</summary>
    public static BpfObjectSpec Spec(string name)
    {
        using var stream = typeof(CaseRun).Assembly.GetManifestResourceStream(name + ".bpf")
            ?? throw new CaseFailedException($"there is no object {name}");
        var image = new byte[stream.Length];
        stream.ReadExactly(image);
        var spec = BpfObjectSpec.Parse(image, name);
        spec.SetConstant("target", (uint)Environment.ProcessId);
        return spec;
    }

    /// <summary>Creates an object of Objects/.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="constants">Values of constants of four bytes.</param>
    public static CheckedObject Create(string name, params ReadOnlySpan<(string Name, uint Value)> constants)
    {
        var spec = Spec(name);
        foreach (var (constant, value) in constants)
            spec.SetConstant(constant, value);
        return Create(spec);
    }

    public static CheckedObject Create(BpfObjectSpec spec) =>
        new(BpfObject.Create(spec, new BpfObjectOptions { KernelTypes = KernelTypes }));

    /// <summary>Makes the system call that programs of the cases wait for; gives its result, negative for an errno.</summary>
    public static long Trigger(int times = 1)
    {
        long result = 0;
        for (var i = 0; i < times; i++)
            result = SystemCall.Getpgid(TriggerArgument);
        return result;
    }

    private static uint ReadRelease()
    {
        var parts = File.ReadAllText("/proc/sys/kernel/osrelease").Split('.', '-', '+');
        return 1000 * uint.Parse(parts[0], CultureInfo.InvariantCulture) + uint.Parse(parts[1], CultureInfo.InvariantCulture);
    }
}
