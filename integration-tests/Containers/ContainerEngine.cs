using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests.Containers;

/// <summary>A real container engine, unpacked from Debian packages; started and ended here, with everything it keeps in one directory.</summary>
internal sealed class ContainerEngine : IDisposable
{
    private readonly RunningProcess _daemon;
    private readonly string _directory;
    private readonly Dictionary<string, string?> _environment;

    private ContainerEngine(RunningProcess daemon, string directory, Dictionary<string, string?> environment)
    {
        _daemon = daemon;
        _directory = directory;
        _environment = environment;
    }

    /// <summary>Where the packages are unpacked.</summary>
    public static string Packages { get; } = Path.Combine(Repository.Cache, "engine", "root");

    public static ContainerEngine Start()
    {
        Command.Run(Path.Combine(Repository.Root, "integration-tests", "engine", "fetch.sh"), [], TimeSpan.FromMinutes(10)).EnsureSuccess();
        // Short, for the path of a unix socket has 107 bytes.
        string directory = Directory.CreateTempSubdirectory("engine").FullName;
        string host = $"unix://{directory}/docker.sock";
        IEnumerable<string> libraries = Directory.GetDirectories(Path.Combine(Packages, "usr", "lib"), "*-linux-gnu");
        Dictionary<string, string?> environment = new()
        {
            ["PATH"] = $"{Packages}/usr/sbin:{Packages}/usr/bin:{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin",
            ["LD_LIBRARY_PATH"] = string.Join(':', libraries),
            ["DOCKER_HOST"] = host,
            ["DOCKER_CONFIG"] = Path.Combine(Packages, "config"),
        };
        RunningProcess daemon = RunningProcess.Start(
            Path.Combine(Packages, "usr", "sbin", "dockerd"),
            [
                "--host", host, "--data-root", $"{directory}/data", "--exec-root", $"{directory}/exec", "--pidfile", $"{directory}/pid",
                "--storage-driver=overlay2", "--bridge=none", "--iptables=false", "--ip6tables=false",
            ],
            directory, environment);
        ContainerEngine engine = new(daemon, directory, environment);
        try
        {
            daemon.WaitUntil(() => engine.TryDocker("version").ExitCode == 0, TimeSpan.FromMinutes(3), "answering");
        }
        catch
        {
            engine.Dispose();
            throw;
        }

        return engine;
    }

    public CommandResult Docker(params IEnumerable<string> arguments) => TryDocker(arguments).EnsureSuccess();

    public CommandResult TryDocker(params IEnumerable<string> arguments) =>
        Command.Run(Path.Combine(Packages, "usr", "bin", "docker"), arguments, TimeSpan.FromMinutes(3), Repository.Root, _environment);

    public void Import(ContainerImage image, string name, params IEnumerable<string> changes)
    {
        string archive = Path.Combine(_directory, "image.tar");
        image.Write(archive);
        Docker(["import", .. changes.SelectMany(change => (string[])["--change", change]), archive, name]);
        File.Delete(archive);
    }

    public void Dispose()
    {
        if (!_daemon.HasExited)
        {
            // Told to stop, it ends its containers and its containerd as well.
            _daemon.Signal(PosixSignalNumber.Terminate);
            try
            {
                _daemon.WaitForExit(TimeSpan.FromSeconds(40));
            }
            catch (TimeoutException)
            {
                // Killed by then, with what it had started.
            }
        }

        _daemon.Dispose();
        Command.Shell($"for mount in $(grep -o ' {_directory}[^ ]*' /proc/mounts | sort -r); do umount -l \"$mount\" || true; done; rm -rf {_directory}");
    }
}
