namespace EbpfReceiver.Configuration;

/// <summary>Key <c>privileges.after_attach</c>: what the process may still do once its probes are attached.</summary>
public enum PrivilegesAfterAttach
{
    /// <summary>Attach more: probe files, reloads and gRPC go on working. Everything that neither attaching nor reading takes is given up.</summary>
    Attach,

    /// <summary>Only read: no program is loaded any more. Libraries that are mapped later are still attached to.</summary>
    Minimal,

    /// <summary>All that it was started with.</summary>
    Keep,
}
