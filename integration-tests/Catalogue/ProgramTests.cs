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

    private static string Probes(string file) => File.ReadAllText(Path.Combine(Repository.Root, "probes", "catalogue", file + ".yaml"));

    private static JsonElement Entry(JsonElement entries) => entries.EnumerateArray().Single();
}
