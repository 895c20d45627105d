namespace EbpfReceiver.Services;

/// <summary>The server is a part of the program: it starts and stops when it is told to, and leaves signals to the program.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
