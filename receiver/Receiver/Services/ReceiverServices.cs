using EbpfReceiver.Services.Access;
using EbpfReceiver.Services.Exports;
using EbpfReceiver.Services.Listeners;
using Grpc.AspNetCore.Server.Model;
using Grpc.Reflection;

namespace EbpfReceiver.Services;

/// <summary>Puts the receiver's services into a web application.</summary>
public static class ReceiverServices
{
    /// <summary>Registers the gRPC services, and the listeners with Kestrel.</summary>
    /// <param name="builder">The application that is being built; it needs no service of its own.</param>
    /// <param name="options">Where to listen, and for whom.</param>
    /// <param name="parts">What the services talk to.</param>
    /// <param name="log">Told of certificates and tokens.</param>
    /// <exception cref="TlsFilesException">Certificates can't be used.</exception>
    /// <exception cref="IOException">A file of tokens can't be used.</exception>
    /// <exception cref="UnauthorizedAccessException">A file of tokens may not be read.</exception>
    public static WebApplicationBuilder AddReceiverServices(
        this WebApplicationBuilder builder, ReceiverServicesOptions options, ReceiverServicesParts parts, ILogger log)
    {
        var listeners = new ListenerSet(options, parts.Endpoint, log);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(listeners.Configure);
        IServiceCollection services = builder.Services;
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.Limits.MaxMessageBytes;
            // Answers are bounded where they are made; one batch that is a little larger must still get out.
            grpc.MaxSendMessageSize = null;
            // The library inflates a message to its end before it measures it.
            grpc.CompressionProviders = [new BoundedGzip(options.Limits.MaxMessageBytes)];
        });
        var control = new BearerTokens(options.Control.Tokens, log);
        var senders = new SenderLookup(parts.Peers, TimeProvider.System);
        var intake = new ExportIntake(parts.Fanout, parts.Endpoint, parts.Memory, options.Limits);
        services.AddSingleton(new AccessControl(
            new BearerTokens(options.Auth, log), new BearerTokens(options.PagesAuth, log), control, parts.Endpoint));
        services.AddSingleton(new ControlRight(options.Control.Allow, control, parts.Peers, parts.Endpoint));
        services.AddSingleton(new GrpcExports(intake, senders));
        services.AddSingleton(new HttpExports(intake, senders));
        services.AddSingleton(parts.Fanout);
        services.AddSingleton(parts.Live);
        services.AddSingleton(parts.Probes);
        services.AddSingleton(parts.Statistics);
        services.AddSingleton(new HttpPages(parts.Probes, parts.Metrics, parts.Stall));
        services.AddSingleton<TelemetryFeed>();
        services.AddSingleton<InspectionService>();
        services.AddSingleton(provider =>
            new HealthService(parts.Probes, parts.Stall, parts.Fanout, provider.GetRequiredService<IHostApplicationLifetime>()));
        services.AddSingleton(static _ => new ReflectionServiceImpl(PublishedServices.Descriptors()));
        services.AddSingleton(static _ => new ReflectionV1ServiceImpl(PublishedServices.Descriptors()));
        services.AddSingleton<IServiceMethodProvider<InspectionService>, InspectionMethods>();
        return builder;
    }

    /// <summary>Maps the gRPC services, OTLP/HTTP and the pages.</summary>
    public static WebApplication MapReceiverServices(this WebApplication application)
    {
        AccessControl access = application.Services.GetRequiredService<AccessControl>();
        application.Use(next => context => access.InvokeAsync(context, next));
        IEndpointRouteBuilder endpoints = application;
        application.Services.GetRequiredService<GrpcExports>().Map(endpoints);
        application.Services.GetRequiredService<HttpExports>().Map(endpoints);
        endpoints.MapGrpcService<InspectionService>();
        endpoints.MapGrpcService<HealthService>();
        endpoints.MapGrpcService<ReflectionServiceImpl>();
        endpoints.MapGrpcService<ReflectionV1ServiceImpl>();
        application.Services.GetRequiredService<HttpPages>().Map(endpoints);
        return application;
    }
}
