using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>The distribution's PostgreSQL in a directory of its own, on a unix socket there.</summary>
internal sealed class PostgreSqlServer : IDisposable
{
    private readonly string _directory;

    private PostgreSqlServer(string directory) => _directory = directory;

    /// <summary>Where its programs are; null if it is not installed.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "postgres")))
        : null;

    public static PostgreSqlServer Start()
    {
        var server = new PostgreSqlServer(Repository.NewScratch("postgresql"));
        Command.Run("chown", ["postgres", server._directory]).EnsureSuccess();
        server.Run("initdb", "-D", server.Data, "-A", "trust", "--no-sync").EnsureSuccess();
        // Nothing but what a test asks for: no maintenance in the background.
        server.Run("pg_ctl", "-D", server.Data, "-w", "-l", Path.Combine(server._directory, "log"), "-o",
            $"-k {server._directory} -c listen_addresses='' -c fsync=off -c autovacuum=off", "start").EnsureSuccess();
        return server;
    }

    /// <summary>A session of psql, which sends each statement by itself.</summary>
    public RunningProcess Session(string statements) =>
        RunningProcess.Start("runuser", ["-u", "postgres", "--", Path.Combine(Programs!, "psql"), "-h", _directory, "-qAt", "postgres"], input: statements);

    public void Dispose() => Run("pg_ctl", "-D", Data, "-m", "immediate", "stop");

    private string Data => Path.Combine(_directory, "data");

    private CommandResult Run(string program, params string[] arguments) =>
        Command.Run("runuser", ["-u", "postgres", "--", Path.Combine(Programs!, program), .. arguments], directory: "/");
}
