namespace EbpfReceiver.ProbeLanguage;

/// <summary>What is in a <see cref="BoundSet"/>.</summary>
public enum BoundSetKind
{
    /// <summary>Inode numbers of executables, by path; as the processes' namespaces see the paths.</summary>
    Executables,

    /// <summary>Ids (inode numbers) of v2 cgroups by path, with those below them.</summary>
    Cgroups,

    /// <summary>Ids of the v2 cgroups of containers, by container id.</summary>
    Containers,
}
