namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// <c>cgroup</c>: the path of a control group by its id, which is the inode of its directory in the v2 hierarchy; the id where there is none.
/// </summary>
/// <param name="roots">Where the v2 hierarchy may be mounted.</param>
internal sealed class CgroupDecoder(params string[] roots) : Decoder
{
    private readonly CgroupPaths _paths = new(roots);

    /// <summary>For the usual places: alone, or beside v1 hierarchies.</summary>
    public CgroupDecoder()
        : this("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
    {
    }

    /// <inheritdoc/>
    public override bool IsConstant => false;

    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context)
    {
        if (!value.TryGetNumber(out long id)) return value;
        return DecodedValue.Of(_paths.Find((ulong)id) ?? value.ToString());
    }
}
