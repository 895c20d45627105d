using EbpfReceiver.IntegrationTests.Guests;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Kernels;

/// <summary>Runs workload/known-work.sh on this machine's kernel, or on another in a guest.</summary>
internal static class KnownWork
{
    private static readonly string s_script = Path.Combine(Repository.Root, "integration-tests", "workload", "known-work.sh");

    public static IReadOnlyDictionary<string, KnownWorkRun> RunHere(IReadOnlyList<string> ways)
    {
        Assert.SkipUnless(System.Environment.IsPrivilegedProcess, "attaching needs root");
        string directory = Repository.NewScratch("this-machine");
        string disk = Path.Combine(directory, "disk");
        using (FileStream file = File.Create(disk))
            file.SetLength(Guest.ScratchDiskBytes);
        // A loop device of our own, so that nobody else's requests count.
        string device = Command.Run("losetup", ["--find", "--show", disk]).EnsureSuccess().Output.Trim();
        try
        {
            Dictionary<string, string?> environment = Environment(Repository.Receiver, Repository.Workload, Repository.Tls, device);
            environment["BPFTOOL"] = Command.Find("bpftool");
            environment["CERTIFICATE"] = Repository.Certificate + ".crt";
            environment["KEY"] = Repository.Certificate + ".key";
            environment["FOUND"] = "localhost";
            foreach (string way in ways)
                Command.Run("sh", [s_script, way, Path.Combine(directory, way)], TimeSpan.FromMinutes(4), environment: environment).EnsureSuccess();
        }
        finally
        {
            Command.Run("losetup", ["--detach", device]);
        }

        return ways.ToDictionary(way => way, way => KnownWorkRun.Read(Path.Combine(directory, way)));
    }

    public static IReadOnlyDictionary<string, KnownWorkRun> RunInGuest(string version, IReadOnlyList<string> ways)
    {
        GuestKernel kernel = GuestKernel.Get(version);
        GuestImage image = new();
        image.AddProgram(Repository.Receiver, "/bin/ebpf-receiver");
        image.AddProgram(Repository.Workload, "/bin/workload");
        image.AddProgram(Repository.Tls, "/bin/tls");
        image.AddProgram(Command.Find("bpftool") ?? throw new FileNotFoundException("bpftool is not installed"), "/bin/bpftool");
        image.AddFile(Repository.Certificate + ".crt", "/etc/certificate");
        image.AddFile(Repository.Certificate + ".key", "/etc/key");
        image.AddFile(s_script, "/known-work.sh");
        string variables = string.Join(' ', Environment("/bin/ebpf-receiver", "/bin/workload", "/bin/tls", "/dev/vdb").Select(pair => $"{pair.Key}={pair.Value}"));
        // Each way leaves what it can, also when another fails.
        image.AddText("/test.sh", $"""
            export {variables} BPFTOOL=/bin/bpftool CERTIFICATE=/etc/certificate KEY=/etc/key FOUND=known.test
            code=0
            for attach in {string.Join(' ', ways)}; do
                sh /known-work.sh $attach /out/$attach || code=1
            done
            exit $code

            """);
        GuestResult result = Guest.Run(kernel, image, Repository.NewScratch($"linux-{version}"), TimeSpan.FromMinutes(12)).EnsureSuccess();
        return ways.ToDictionary(way => way, way => KnownWorkRun.Read(result.PathOf(way)));
    }

    private static Dictionary<string, string?> Environment(string receiver, string workload, string tls, string device) => new()
    {
        ["RECEIVER"] = receiver,
        ["WORKLOAD"] = workload,
        ["TLS"] = tls,
        ["DEVICE"] = device,
        ["MISSING"] = "missing.invalid",
        ["BASE_PORT"] = "24300",
    };
}
