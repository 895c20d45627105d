using EbpfReceiver.Services.Exports;
using EbpfReceiver.Services.Listeners;

namespace EbpfReceiver.Services.Access;

/// <summary>
/// Stands before everything that is served: each listener serves what it is for and nothing else, and where tokens are required, what comes
/// without one is refused.
/// </summary>
/// <param name="services">The tokens for the services; a control token is one, too.</param>
/// <param name="pages">The tokens for the metrics page.</param>
/// <param name="control">The tokens that allow changes.</param>
/// <param name="statistics">Counts refusals.</param>
internal sealed class AccessControl(BearerTokens services, BearerTokens pages, BearerTokens control, EndpointStatistics statistics)
{
    /// <summary>Orchestrators ask for health and have no token; it says no more than whether probes run.</summary>
    private static readonly PathString s_health = "/" + PublishedServices.Health;

    /// <summary>Passes a request on, or refuses it.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        ListenerRole role = context.Features.Get<ListenerConnection>()!.Role;
        PageAccess? page = context.GetEndpoint()?.Metadata.GetMetadata<PageAccess>();
        if (page is not null != (role == ListenerRole.Pages))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        bool allowed = page is not null
            ? page.IsOpen || pages.IsEmpty || pages.Has(context.Request)
            : services.IsEmpty || context.Request.Path.StartsWithSegments(s_health)
                || services.Has(context.Request) || control.Has(context.Request);
        if (allowed) return next(context);
        statistics.CountRefused(RefusalCause.Unauthenticated);
        return RefusalWriter.WriteAsync(context, Refusal.Unauthenticated(page is null ? "receiver.auth" : "exporters.prometheus.auth"));
    }
}
