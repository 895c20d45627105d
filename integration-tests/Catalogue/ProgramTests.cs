using System.Text.Json;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Catalogue;

/// <summary>Probes of the catalogue in programs, on the distribution's own: what they are asked to do is what is counted.</summary>
public class ProgramTests
{
    /// <summary>Until somebody else waits for a table, and a second more.</summary>
    private const string WaitForWaiter =
        "do $$ begin while not exists (select from pg_locks where not granted and locktype = 'relation') loop perform pg_sleep(0.1); end loop; "
        + "perform pg_sleep(1); end $$";

    [Fact]
    public void What_PostgreSQL_is_asked_is_counted()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "attaching needs root");
        Assert.SkipUnless(PostgreSqlServer.Programs is not null, "postgresql is not installed");
        using PostgreSqlServer server = PostgreSqlServer.Start();
        using TraceUnderTest trace = TraceUnderTest.Start(Probes("postgresql"));
        using (RunningProcess session = server.Session(
            "create table t(i int);\nselect 1;\nselect 2;\nselect 3;\nbegin;\ninsert into t values (1);\nrollback;\nselect nosuch;\n"))
        {
            session.WaitForExit(TimeSpan.FromMinutes(3));
        }

        using (RunningProcess holder = server.Session($"begin;\nlock table t;\n\\echo locked\n{WaitForWaiter};\ncommit;\n"))
        {
            holder.WaitUntil(() => holder.Output.Contains("locked", StringComparison.Ordinal), TimeSpan.FromMinutes(3), "locked");
            using RunningProcess waiter = server.Session("insert into t values (2);\n");
            Assert.Equal(0, waiter.WaitForExit(TimeSpan.FromMinutes(3)));
            holder.WaitForExit(TimeSpan.FromMinutes(3));
        }

        IReadOnlyDictionary<string, JsonElement> tables = trace.Stop();

        // The query that fails begins and does not end; the second session has four, the third one.
        Assert.Equal(7 + 4 + 1, Entry(tables["linux.postgresql.query.duration"]).GetProperty("count").GetInt64());
        Assert.Equal(2, Entry(tables["linux.postgresql.aborts"]).GetProperty("value").GetInt64());
        // Besides those of the statements there is one as each session begins.
        Assert.Equal(4 + 1 + 1 + 3, Entry(tables["linux.postgresql.commits"]).GetProperty("value").GetInt64());
        JsonElement wait = Entry(tables["linux.postgresql.lock.wait.duration"]);
        Assert.Equal(1, wait.GetProperty("count").GetInt64());
        Assert.InRange(wait.GetProperty("sum").GetDouble(), 0.5, 300);
    }

    [Fact]
    public void What_Python_runs_is_counted()
    {
        // Debian's own; it is built with static probes.
        const string Python = "/usr/bin/python3", Name = "knownpython";
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "attaching needs root");
        Assert.SkipUnless(File.Exists(Python), "python3 is not installed");
        string program = Path.Combine(Repository.NewScratch(), Name);
        File.CreateSymbolicLink(program, Python);
        using TraceUnderTest trace = TraceUnderTest.Start(Probes("runtimes") + $$"""

              - name: python_returns
                on: ["usdt:{{Python}}:python:function__return"]
                scope: { comm: {{Name}} }
                where: str(arg1) == "known"
                emit: [ counter: { name: returns, attributes: { function: "str(arg1, 32)" } } ]

            """);
        CommandResult run = Command.Run(program, ["-S", "-E", "-c", """
            import gc, os
            def known(): pass
            for _ in range(1000): known()
            gc.disable()
            for _ in range(7): gc.collect(1)
            import colorsys
            print(sum(generation["collections"] for generation in gc.get_stats()), flush=True)
            os._exit(0)
            """]).EnsureSuccess();
        IReadOnlyDictionary<string, JsonElement> tables = trace.Stop();

        JsonElement returns = Entry(tables["returns"]);
        Assert.Equal(("known", 1000), (returns.GetProperty("key").GetProperty("function").GetString(), returns.GetProperty("value").GetInt64()));
        long collections = long.Parse(run.Output, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(collections, 7, 1000);
        Assert.Equal(collections, Count(tables["linux.python.gc.duration"], "process.executable.name", Name));
        Assert.Equal(1, Count(tables["linux.python.import.duration"], "linux.python.module", "colorsys"));
    }

    private static long Count(JsonElement entries, string key, string value) => entries.EnumerateArray()
        .Single(entry => entry.GetProperty("key").GetProperty(key).GetString() == value).GetProperty("count").GetInt64();

    private static string Probes(string file) => File.ReadAllText(Path.Combine(Repository.Root, "probes", "catalogue", file + ".yaml"));

    private static JsonElement Entry(JsonElement entries) => entries.EnumerateArray().Single();
}
