namespace EbpfReceiver.Services.Listeners;

/// <summary>What a listener is for. It serves nothing else: a port that scrapers may reach is no way in for others.</summary>
internal enum ListenerRole : byte
{
    /// <summary>The gRPC services and OTLP/HTTP.</summary>
    Services,

    /// <summary>The pages for scrapers and orchestrators.</summary>
    Pages,
}
