using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// A kernel by its types alone, perhaps one that runs elsewhere: functions and tracepoints are those that the types describe, records of
/// tracepoints too, and there are no files.
/// </summary>
/// <param name="description">What it is, for messages.</param>
/// <param name="types">Its types; null for a kernel that shows none.</param>
/// <param name="architecture">Its processor.</param>
public class TypesTarget(string description, BtfTypes? types, UsdtArchitecture architecture = UsdtArchitecture.X64) : ProbeTarget
{
    /// <inheritdoc/>
    public override string Description => description;

    /// <inheritdoc/>
    public override BtfTypes? Types => types;

    /// <inheritdoc/>
    public override UsdtArchitecture Architecture => architecture;

    /// <inheritdoc/>
    public override string? TracepointFormat(string category, string name) => null;

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Tracepoints(string category, string name) => null;

    /// <inheritdoc/>
    public override bool? HasFunction(string name) => types is null ? null : types.TryFind(name, BtfKind.Function, out _);

    /// <inheritdoc/>
    public override string? FindFile(string name) => null;

    /// <inheritdoc/>
    public override bool? HasSymbol(string path, string symbol) => null;

    /// <inheritdoc/>
    public override IReadOnlyList<UsdtSite> StaticProbes(string path) => [];

    /// <inheritdoc/>
    public override uint? UserId(string name) => name == "root" ? 0 : null;
}
