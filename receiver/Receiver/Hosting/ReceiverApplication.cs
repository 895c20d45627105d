using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using EbpfReceiver.Cli;
using EbpfReceiver.Configuration;
using EbpfReceiver.Privileges;
using EbpfReceiver.Probes;
using EbpfReceiver.Services;
using EbpfReceiver.Services.Listeners;
using EbpfReceiver.Supervision;

namespace EbpfReceiver.Hosting;

/// <summary>The receiver from start to end: outlets, probes, endpoints, and the signals that stop it.</summary>
internal static class ReceiverApplication
{
    /// <summary>Runs until SIGINT, SIGTERM or a failure. SIGHUP reads the configuration again.</summary>
    /// <param name="configuration">What is to run.</param>
    /// <param name="load">Reads it again; null if it was read from no file, and there is nothing that could have changed.</param>
    /// <param name="cancellationToken">Ends it, too.</param>
    /// <exception cref="CommandFailedException">It cannot listen, or nothing would be observed.</exception>
    public static async Task<int> RunAsync(
        ReceiverConfiguration configuration, Func<ReceiverConfiguration>? load, CancellationToken cancellationToken)
    {
        var levels = new LogLevels();
        using ILoggerFactory loggers = LogFactory.Create(configuration.Log, levels);
        ILogger log = loggers.CreateLogger("EbpfReceiver");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var hangUps = new SemaphoreSlim(0);
        using PosixSignalRegistration interrupt = OnSignal(PosixSignal.SIGINT, stop);
        using PosixSignalRegistration terminate = OnSignal(PosixSignal.SIGTERM, stop);
        using PosixSignalRegistration hangUp = load is null ? OnSignal(PosixSignal.SIGHUP, stop) : OnHangUp(hangUps);
        using var notifier = new ServiceNotifier(Environment.GetEnvironmentVariable, log);

        using OutletSet outlets = OutletSet.Create(configuration, loggers);
        await using ReceiverRuntime runtime = CreateRuntime(configuration, outlets, loggers);
        runtime.Prepare();
        // Making the server takes as long as making the probes: neither waits for the other.
        Task attaching = Task.Run(() => AttachAsync(runtime, stop.Token), CancellationToken.None);
        await using EndpointServer server = await ServeAsync(() => CreateServer(configuration, outlets, runtime, loggers), attaching, stop.Token);
        try
        {
            await attaching;
            GiveUpPrivileges(configuration.Privileges.AfterAttach, log);
            foreach (string line in Banner.Lines(configuration, runtime.Probes.List(), server.Addresses))
                RunLog.Said(log, line);

            Task settling = StartMemory.ReleaseAsync(stop.Token);
            await using var supervisor = new Supervisor(runtime.Watchdog, notifier);
            notifier.Ready(StatusOf(runtime));
            var reload = load is null ? null : new ConfigurationReload(load, configuration, runtime, outlets, levels, log);
            while (await WaitAsync(runtime, hangUps, stop.Token))
            {
                notifier.Reloading();
                await reload!.RunAsync();
                notifier.Ready(StatusOf(runtime));
            }

            await settling;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A signal while starting is as good a reason to stop as one later.
        }
        finally
        {
            notifier.Stopping();

            // New telemetry is refused first; what is on its way is flushed within the runtime's budget.
            using var deadline = new CancellationTokenSource(runtime.StopTimeout / 4);
            Task serverStops = server.StopAsync(deadline.Token);
            await runtime.StopAsync();
            await serverStops;
        }

        return ExitCode.Success;
    }

    private static ReceiverRuntime CreateRuntime(ReceiverConfiguration configuration, OutletSet outlets, ILoggerFactory loggers) =>
        new(configuration, outlets.All, loggers);

    private static EndpointServer CreateServer(
        ReceiverConfiguration configuration, OutletSet outlets, ReceiverRuntime runtime, ILoggerFactory loggers)
    {
        var parts = new ReceiverServicesParts(runtime.Fanout, outlets.Live, runtime.Probes, runtime, runtime.Peers, outlets.Prometheus)
        {
            Endpoint = runtime.Endpoint,
            Memory = runtime.Memory,
            Stall = () => runtime.Watchdog.Stall,
        };
        try
        {
            return new EndpointServer(ReceiverServicesOptions.Of(configuration), parts, loggers);
        }
        catch (Exception e) when (e is TlsFilesException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                $"cannot listen: {Terminal.TerminalText.Clean(e.Message)}",
                "The files are those of the keys tls, auth and control of receiver and exporters.prometheus; the receiver's user has to be able "
                + "to read them.");
        }
    }

    private static async Task<EndpointServer> ServeAsync(Func<EndpointServer> create, Task attaching, CancellationToken cancellationToken)
    {
        EndpointServer? server = null;
        try
        {
            server = create();
            await ListenAsync(server, cancellationToken);
            return server;
        }
        catch
        {
            // What is half attached can't be detached. Whether it failed, too, is not what is to be told.
            await attaching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (server is not null) await server.DisposeAsync();
            throw;
        }
    }

    private static async Task ListenAsync(EndpointServer server, CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                $"cannot listen: {Terminal.TerminalText.Clean(e.Message)}",
                "Is a receiver running already? Other addresses: --set receiver.endpoint=ADDRESS:PORT, --set exporters.prometheus.endpoint=ADDRESS:PORT.");
        }
    }

    private static async Task AttachAsync(ReceiverRuntime runtime, CancellationToken cancellationToken)
    {
        try
        {
            await runtime.StartAsync(cancellationToken);
        }
        catch (BpfException e)
        {
            throw new CommandFailedException(e.Message, "ebpf-receiver doctor says what this machine allows, and how to mend the rest.");
        }

        if (runtime.IsReady)
            return;
        ProbeReason? reason = runtime.Probes.List().SelectMany(p => p.Reasons).FirstOrDefault();
        throw new CommandFailedException(
            reason is null ? "no probe runs: nothing would be observed" : $"no probe can be attached, nothing would be observed: {reason.Text}",
            reason?.Remedy ?? "ebpf-receiver doctor says what this machine allows, and how to mend the rest.");
    }

    private static void GiveUpPrivileges(PrivilegesAfterAttach choice, ILogger log)
    {
        try
        {
            PrivilegePlan? plan = PrivilegeDrop.PlanFor(choice);
            if (plan is null)
            {
                PrivilegeLog.Kept(log, CapabilitySet.OfThisProcess().ToString());
                return;
            }

            PrivilegeDrop.Apply(plan);
            string kept = plan.Kept.Bits == 0 ? "no capability" : plan.Kept.ToString();
            string loading = plan.MayLoad ? "probes can still be attached" : "no probe can be attached any more";
            PrivilegeLog.Dropped(log, choice.ToString().ToLowerInvariant(), kept, loading);
        }
        catch (PrivilegeException e)
        {
            throw new CommandFailedException(
                $"privileges cannot be given up: {e.Message}",
                "--set privileges.after_attach=keep runs with all of them; better mend what is in the way.");
        }
    }

    /// <summary>
    /// Waits for a reason to do something: true if the configuration is to be read again, false if the receiver is to stop.
    /// </summary>
    private static async Task<bool> WaitAsync(ReceiverRuntime runtime, SemaphoreSlim hangUps, CancellationToken cancellationToken)
    {
        Task hungUp = hangUps.WaitAsync(cancellationToken);
        Task first = await Task.WhenAny(hungUp, runtime.Failure, runtime.Watchdog.Expired);
        if (first == runtime.Failure)
        {
            throw new CommandFailedException(
                $"the sample reader has stopped, nothing more is seen: {runtime.Failure.Exception?.GetBaseException().Message}");
        }

        if (first == runtime.Watchdog.Expired)
        {
            // The thread can't be ended, only the process can.
            await runtime.AbandonAsync();
            Environment.Exit(ExitCode.Stalled);
        }

        return !hungUp.IsCanceled;
    }

    private static string StatusOf(ReceiverRuntime runtime) =>
        $"{runtime.Probes.List().Count(p => p.State is ProbeState.Running or ProbeState.Degraded)} probes run";

    private static PosixSignalRegistration OnHangUp(SemaphoreSlim hangUps) =>
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            hangUps.Release();
        });

    private static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            // A second signal ends the process at once.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });
}
