using EbpfReceiver.Aggregates;
using EbpfReceiver.Bpf;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Probes;

/// <summary>What is observed: the object with its hooks, what is to be set in it, and the metrics its maps give.</summary>
internal abstract class Probe
{
    /// <summary>The origin of probes in BPF C.</summary>
    public const string BuiltIn = "built-in";

    /// <summary>The probe's name in the configuration; its object is <c>name.bpf.o</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it observes, in a sentence.</summary>
    public abstract string Description { get; }

    /// <summary>Names of the metrics, spans and events it gives.</summary>
    public virtual IReadOnlyList<string> Emits => Emissions.Of(Name);

    /// <summary>Where it comes from: <c>built-in</c>, <c>catalogue</c>, a file, or <c>grpc</c>.</summary>
    public virtual string Origin => BuiltIn;

    /// <summary>The group it is listed in; empty if it is in none.</summary>
    public virtual string Group => "";

    /// <summary>What the programs are loaded from, for people.</summary>
    public virtual string ObjectName => $"{Name}.bpf.o";

    /// <summary>Alternatives are tried in the order in which they stand, not by what they cost.</summary>
    public virtual bool KeepsOrder => false;

    /// <summary>Where none of the hooks is there, it is left out without a word.</summary>
    public virtual bool MayBeMissing => false;

    /// <summary>Hooks without which it still tells something; the others it can't do without.</summary>
    public virtual IReadOnlyList<string> OptionalHooks => [];

    /// <summary>The others need it, whatever the configuration says: excluding it only silences it.</summary>
    public virtual bool IsAlwaysAttached => false;

    /// <summary>The metrics of its maps.</summary>
    public virtual IReadOnlyList<MapAggregate> Aggregates => [];

    /// <summary>The library files that its hooks are in; null if they are all in the kernel.</summary>
    public virtual LibraryFiles? Libraries => null;

    /// <summary>Its object, as it was compiled.</summary>
    /// <exception cref="BpfException">There is none, or it is malformed.</exception>
    public virtual BpfObjectSpec ReadObject() => EmbeddedObjects.Read(Name);

    /// <summary>Whether <see cref="ReadObject"/> only reads.</summary>
    public virtual bool IsCompiled => true;

    /// <summary>The share of hits it looks at.</summary>
    public virtual double SamplingRatio => 1;

    /// <summary>Why what was written last is not what runs; null if it is.</summary>
    public ProbeReason? Complaint { get; set; }

    /// <summary>Why it sees less than it is meant to though all its hooks are attached; null if it does not.</summary>
    public virtual ProbeReason? Blindness => null;

    /// <summary>Sets constants and sizes before the object is made.</summary>
    public virtual void Configure(BpfObjectSpec spec)
    {
    }

    /// <summary>Its maps are there, and none of its programs runs yet.</summary>
    public virtual void OnMade(BpfObject made)
    {
    }

    /// <summary>It is attached now.</summary>
    /// <param name="attached">What of it is in the kernel.</param>
    /// <param name="monotonic">ns, CLOCK_MONOTONIC.</param>
    /// <param name="unix">ns since 1970.</param>
    public virtual void OnAttached(AttachedProbe attached, ulong monotonic, ulong unix)
    {
    }

    /// <summary>Another probe has taken its place, and tells what happens from then on.</summary>
    /// <param name="monotonic">ns, CLOCK_MONOTONIC.</param>
    public virtual void OnReplaced(ulong monotonic)
    {
    }

    /// <summary>Its programs are off their hooks, and its last values were sent; its maps are about to go.</summary>
    public virtual void OnDetached()
    {
    }

    /// <summary>Entries in use of the maps that it reads itself, as of the last reading.</summary>
    public virtual IEnumerable<(string Map, int Entries)> OwnEntries => [];

    /// <summary>What is known of a program besides its length; null: nothing.</summary>
    public virtual ProgramAnatomy? AnatomyOf(string program) => null;

    /// <summary>Switches on or off what it says while it stays attached (<see cref="IsAlwaysAttached"/>).</summary>
    public virtual void Speak(bool enabled)
    {
    }

    /// <summary>Reads what <see cref="Write"/> writes, as far as it is in maps of its own.</summary>
    public virtual void Read(Collection collection)
    {
    }

    /// <summary>Writes the metrics that are not in <see cref="Aggregates"/>.</summary>
    public virtual void Write(Collection collection)
    {
    }
}
