using System.Text;
using EbpfReceiver.Identity;

namespace EbpfReceiver.Tests.Identity;

public sealed class ProcFilesTests : IDisposable
{
    private const string Named = "A=1\0OTEL_SERVICE_NAME=db\0";
    private readonly string _root = Directory.CreateTempSubdirectory("proc").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("\0\0\0\0", "/usr/bin/server", "db")] // overwritten with a short title
    [InlineData("er: worker 1\0\0", "/usr/bin/server", "db")] // with the end of a long one
    [InlineData("\0\0\0\0", "/usr/bin/other", null)] // what another program was given is not known
    [InlineData("A=1\0", "/usr/bin/server", null)] // has one of its own, without a name
    [InlineData("", "/usr/bin/server", null)] // was given none
    public void A_worker_that_overwrote_its_environment_has_that_of_its_parent(string environment, string path, string? expected)
    {
        Write(100, parent: 1, "/usr/bin/server", Named);
        Write(101, parent: 100, path, environment);
        Assert.True(new ProcFiles(_root).TryDescribe(101, out ProcessDescription? worker));
        Assert.Equal(expected, worker!.Service.Name);
        Assert.Equal(100, worker.ParentPid);
    }

    private void Write(int pid, int parent, string path, string environment)
    {
        string directory = Directory.CreateDirectory($"{_root}/{pid}").FullName;
        File.WriteAllText($"{directory}/stat", $"{pid} (server) S {parent} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 0 0");
        File.WriteAllBytes($"{directory}/environ", Encoding.UTF8.GetBytes(environment));
        File.CreateSymbolicLink($"{directory}/exe", path);
    }
}
