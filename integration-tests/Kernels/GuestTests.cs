using EbpfReceiver.IntegrationTests.Guests;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Kernels;

public class GuestTests
{
    [Fact]
    public void A_guest_runs_the_workload_and_hands_back_its_files()
    {
        GuestKernel kernel = GuestKernel.Get(GuestKernel.Versions[0]);
        GuestImage image = new();
        image.AddProgram(Repository.Workload, "/bin/workload");
        image.AddText("/test.sh", """
            set -e
            uname -r > /out/release
            workload timeout 127.0.0.1 7003
            workload lookup known.test 3 found
            workload lookup missing.test 3 missing
            workload block /dev/vdb 16 4096 write
            workload exec 3 7 x
            ls /sys/kernel/btf/vmlinux /sys/kernel/tracing/kprobe_events

            """);
        GuestResult result = Guest.Run(kernel, image, Repository.NewScratch(), TimeSpan.FromMinutes(10)).EnsureSuccess();
        Assert.Equal(kernel.Release, result.Text("release").Trim());
        Assert.Contains("\"timed_out\":1", result.Text("stdout"), StringComparison.Ordinal);
    }
}
