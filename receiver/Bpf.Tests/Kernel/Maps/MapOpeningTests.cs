using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class MapOpeningTests
{
    [Fact]
    public void A_map_is_found_by_its_id_with_all_that_the_kernel_knows_of_it()
    {
        using var map = KernelMap.Create(BpfMapType.PerCpuHash, 4, 12, 77, BpfMapFlags.NoPreallocation);
        using var same = BpfMap.OpenById(map.Id);
        Assert.Equal((map.Id, BpfMapType.PerCpuHash, 4, 12, 77u, "test"),
            (same.Id, same.Type, same.KeySize, same.ValueSize, same.MaxEntries, same.Name));
        Assert.Equal((BpfMapFlags.NoPreallocation, true, 16), (same.Flags, same.IsPerCpu, same.ValueStride));
        var info = same.Info();
        Assert.Equal((map.Id, "test", 77u, false, 0), (info.Id, info.Name, info.MaxEntries, info.IsFrozen, info.TypesId));
        Assert.True(info.MemoryBytes > 0);
        map.AsPerCpu<int, Odd>().Fill(1, new(1, 2, 3));
        Assert.True(same.Delete(BitConverter.GetBytes(1)));
        var e = Assert.Throws<BpfSyscallException>(() => BpfMap.OpenById(int.MaxValue));
        Assert.Contains("There is no map with that id.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pinned_map_stays_and_is_opened_again_also_for_reading_only()
    {
        KernelAccess.Require();
        Assert.SkipUnless(Directory.Exists("/sys/fs/bpf") && File.ReadAllText("/proc/mounts").Contains(" /sys/fs/bpf bpf ",
            StringComparison.Ordinal),
            "No bpf file system at /sys/fs/bpf.");
        var path = $"/sys/fs/bpf/ebpf-receiver-test-{Environment.ProcessId}";
        try
        {
            int id;
            using (var map = KernelMap.Create(BpfMapType.Hash, 4, 4, 4))
            {
                id = map.Id;
                map.As<int, int>()[1] = 2;
                map.Pin(path);
                Assert.Contains("There is such a path already", Assert.Throws<BpfSyscallException>(() => map.Pin(path)).Message,
                    StringComparison.Ordinal);
                Assert.Contains("mount -t bpf", Assert.Throws<BpfSyscallException>(()
                    => map.Pin($"/tmp/map-{Environment.ProcessId}")).Message,
                    StringComparison.Ordinal);
            }

            using var again = BpfMap.OpenPinned(path);
            Assert.Equal(id, again.Id);
            Assert.Equal(2, again.As<int, int>()[1]);
            again.As<int, int>()[1] = 3;
            using var reader = BpfMap.OpenPinned(path, readOnly: true);
            Assert.Equal(3, reader.As<int, int>()[1]);
            var e = Assert.Throws<BpfSyscallException>(() => reader.As<int, int>()[1] = 4);
            Assert.Contains("User space may not change it", e.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains("There is no such path.", Assert.Throws<BpfSyscallException>(() => BpfMap.OpenPinned(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_frozen_map_refuses_changes_and_is_told_by_its_info()
    {
        using var map = KernelMap.Create(BpfMapType.Hash, 4, 4, 4);
        map.As<int, int>()[1] = 1;
        map.Freeze();
        Assert.True(map.Info().IsFrozen);
        Assert.Contains("it is frozen", Assert.Throws<BpfSyscallException>(() => map.As<int, int>()[1] = 2).Message,
            StringComparison.Ordinal);
        Assert.Contains("It is frozen already", Assert.Throws<BpfSyscallException>(map.Freeze).Message, StringComparison.Ordinal);
        Assert.Equal(1, map.As<int, int>()[1]);
    }

    private readonly record struct Odd(int A, int B, int C);
}
