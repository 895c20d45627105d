using System.Runtime.InteropServices;
using EbpfReceiver.Bpf.Interop;
using EbpfReceiver.Bpf.Tests.Kernel;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Interop;

/// <summary>The structs of Interop against the kernel's own, as its BTF describes them.</summary>
public sealed class KernelLayoutTests
{
    [Fact]
    public void Sizes_are_what_the_kernel_takes()
    {
        Assert.Equal(72, Marshal.SizeOf<MapCreateAttribute>());
        Assert.Equal(32, Marshal.SizeOf<MapElementAttribute>());
        Assert.Equal(56, Marshal.SizeOf<MapBatchAttribute>());
        Assert.Equal(144, Marshal.SizeOf<ProgramLoadAttribute>());
        Assert.Equal(32, Marshal.SizeOf<BtfLoadAttribute>());
        Assert.Equal(24, Marshal.SizeOf<RawTracepointAttribute>());
        Assert.Equal(64, Marshal.SizeOf<LinkInfo>());
        Assert.Equal(16, Marshal.SizeOf<IteratorLinkInfo>());
        Assert.Equal(8, Marshal.SizeOf<IteratorCreateAttribute>());
        Assert.Equal(12, Marshal.SizeOf<ProgramBindMapAttribute>());
        Assert.Equal(64, Marshal.SizeOf<LinkCreateAttribute>());
        Assert.Equal(16, Marshal.SizeOf<ObjectInfoAttribute>());
        Assert.Equal(16, Marshal.SizeOf<ObjectPathAttribute>());
        Assert.Equal(12, Marshal.SizeOf<ObjectIdAttribute>());
        Assert.Equal(112, Marshal.SizeOf<PerfEventAttribute>());
        Assert.Equal(232, Marshal.SizeOf<ProgramInfo>());
        Assert.Equal(80, Marshal.SizeOf<MapInfo>());
        Assert.Equal(16, Marshal.SizeOf<ObjectName>());
    }

    [Theory]
    [InlineData("bpf_attr", typeof(MapCreateAttribute), "map_type MapType", "key_size KeySize", "value_size ValueSize",
        "max_entries MaxEntries",
        "map_flags Flags", "inner_map_fd InnerMapFd", "numa_node NumaNode", "map_name Name", "btf_fd BtfFd", "btf_key_type_id BtfKeyTypeId",
        "btf_value_type_id BtfValueTypeId", "map_extra Extra")]
    [InlineData("bpf_attr", typeof(MapElementAttribute), "map_fd MapFd", "key Key", "value Value", "next_key Value", "flags Flags")]
    [InlineData("bpf_attr", typeof(MapBatchAttribute), "batch.in_batch InBatch", "batch.out_batch OutBatch", "batch.keys Keys",
        "batch.values Values",
        "batch.count Count", "batch.map_fd MapFd", "batch.elem_flags ElementFlags", "batch.flags Flags")]
    [InlineData("bpf_attr", typeof(ProgramLoadAttribute), "prog_type ProgramType", "insn_cnt InstructionCount", "insns Instructions",
        "license License",
        "log_level LogLevel", "log_size LogSize", "log_buf LogBuffer", "prog_flags Flags", "prog_name Name",
            "expected_attach_type ExpectedAttachType",
        "prog_btf_fd BtfFd", "func_info_rec_size FuncInfoRecordSize", "func_info FuncInfo", "func_info_cnt FuncInfoCount",
        "line_info_rec_size LineInfoRecordSize", "line_info LineInfo", "line_info_cnt LineInfoCount", "attach_btf_id AttachBtfId",
        "attach_btf_obj_fd AttachBtfObjectFd", "log_true_size LogTrueSize")]
    [InlineData("bpf_attr", typeof(BtfLoadAttribute), "btf Btf", "btf_log_buf LogBuffer", "btf_size Size", "btf_log_size LogSize",
        "btf_log_level LogLevel")]
    [InlineData("bpf_attr", typeof(RawTracepointAttribute), "raw_tracepoint.name Name", "raw_tracepoint.prog_fd ProgramFd",
        "raw_tracepoint.cookie Cookie")]
    [InlineData("bpf_attr", typeof(IteratorCreateAttribute), "iter_create.link_fd LinkFd", "iter_create.flags Flags")]
    [InlineData("bpf_attr", typeof(ProgramBindMapAttribute), "prog_bind_map.prog_fd ProgramFd", "prog_bind_map.map_fd MapFd",
        "prog_bind_map.flags Flags")]
    [InlineData("bpf_iter_link_info", typeof(IteratorLinkInfo), "map.map_fd MapFd", "cgroup.order CgroupOrder", "cgroup.cgroup_fd CgroupFd",
        "task.tid ThreadId", "task.pid ProcessId")]
    [InlineData("bpf_link_info", typeof(LinkInfo), "type Type", "id Id", "prog_id ProgramId", "tracing.attach_type TracingAttachType",
        "tracing.cookie TracingCookie", "raw_tracepoint.cookie TracingCookie", "cgroup.attach_type CgroupAttachType",
        "kprobe_multi.count KprobeMultiCount", "kprobe_multi.missed KprobeMultiMissed", "uprobe_multi.count UprobeMultiCount",
        "perf_event.type PerfEventType", "perf_event.uprobe.cookie PerfEventCookie", "perf_event.tracepoint.cookie PerfEventCookie",
        "perf_event.event.cookie PerfEventCookie", "perf_event.kprobe.missed KprobeMissed", "perf_event.kprobe.cookie KprobeCookie")]
    [InlineData("bpf_attr", typeof(LinkCreateAttribute), "link_create.prog_fd ProgramFd", "link_create.target_fd TargetFd",
        "link_create.attach_type AttachType", "link_create.flags Flags", "link_create.perf_event.bpf_cookie Cookie",
            "link_create.uprobe_multi.path Cookie",
        "link_create.kprobe_multi.cnt KprobeMultiCount", "link_create.kprobe_multi.syms Symbols",
            "link_create.uprobe_multi.offsets Symbols",
        "link_create.uprobe_multi.cnt UprobeMultiCount", "link_create.uprobe_multi.pid UprobeMultiPid",
        "link_create.kprobe_multi.flags KprobeMultiFlags", "link_create.kprobe_multi.addrs Addresses",
        "link_create.uprobe_multi.ref_ctr_offsets Addresses", "link_create.kprobe_multi.cookies Cookies",
        "link_create.uprobe_multi.cookies Cookies", "link_create.uprobe_multi.flags UprobeMultiFlags",
        "link_create.tracing.cookie TracingCookie", "link_create.iter_info IteratorInfo", "link_create.iter_info_len IteratorInfoLength")]
    [InlineData("bpf_attr", typeof(ObjectInfoAttribute), "info.bpf_fd Fd", "info.info_len Length", "info.info Info")]
    [InlineData("bpf_attr", typeof(ObjectPathAttribute), "pathname Path", "bpf_fd Fd", "file_flags FileFlags")]
    [InlineData("bpf_attr", typeof(ObjectIdAttribute), "map_id Id", "open_flags OpenFlags")]
    [InlineData("bpf_attr", typeof(EnableStatisticsAttribute), "enable_stats.type Type")]
    [InlineData("bpf_prog_info", typeof(ProgramInfo), "type Type", "id Id", "tag Tag", "jited_prog_len JitedLength",
        "xlated_prog_len TranslatedLength",
        "load_time LoadTime", "nr_map_ids MapCount", "map_ids MapIds", "name Name", "btf_id BtfId", "run_time_ns RunTime", "run_cnt RunCount",
        "recursion_misses RecursionMisses", "verified_insns VerifiedInstructions")]
    [InlineData("bpf_map_info", typeof(MapInfo), "type Type", "id Id", "key_size KeySize", "value_size ValueSize", "max_entries MaxEntries",
        "map_flags Flags", "name Name", "btf_id BtfId", "btf_key_type_id BtfKeyTypeId", "btf_value_type_id BtfValueTypeId")]
    [InlineData("perf_event_attr", typeof(PerfEventAttribute), "type Type", "size Size", "config Config", "sample_period Period",
        "sample_freq Period",
        "sample_type SampleType", "read_format ReadFormat", "wakeup_events Wakeup", "wakeup_watermark Wakeup", "config1 Config1", "config2 Config2")]
    public void Fields_are_where_the_kernel_has_them(string name, Type mirror, params string[] fields)
    {
        Assert.SkipUnless(File.Exists(BtfTypes.KernelPath), "The kernel shows no types.");
        var types = KernelAccess.KernelTypes;
        Assert.True(types.TryFind(name, BtfKind.Struct, out var id) || types.TryFind(name, BtfKind.Union, out id));
        var offsets = new Dictionary<string, HashSet<uint>>();
        Collect(types, types.Resolve(id), 0, "", offsets);
        foreach (var field in fields)
        {
            var (theirs, ours) = (field.Split(' ')[0], field.Split(' ')[1]);
            Assert.True(offsets.TryGetValue(theirs, out var places), $"The kernel's {name} has no {theirs}.");
            Assert.True(places.Contains((uint)Marshal.OffsetOf(mirror, ours)),
                $"{mirror.Name}.{ours} is at {Marshal.OffsetOf(mirror, ours)}, {theirs} at {string.Join(", ", places)}.");
        }
    }

    [Fact]
    public void The_ring_positions_are_where_the_kernel_has_them()
    {
        Assert.SkipUnless(File.Exists(BtfTypes.KernelPath), "The kernel shows no types.");
        var types = KernelAccess.KernelTypes;
        Assert.True(types.TryFind("perf_event_mmap_page", BtfKind.Struct, out var id));
        var offsets = new Dictionary<string, HashSet<uint>>();
        Collect(types, types.Resolve(id), 0, "", offsets);
        Assert.Equal([(uint)PerfRecords.DataHeadOffset], offsets["data_head"]);
        Assert.Equal([(uint)PerfRecords.DataTailOffset], offsets["data_tail"]);
    }

    /// <summary>Offsets in bytes by path; members of anonymous structs and unions under the name of what they are in.</summary>
    private static void Collect(BtfTypes types, BtfType composite, uint start, string path, Dictionary<string, HashSet<uint>> offsets)
    {
        for (var i = 0; i < composite.Count; i++)
        {
            var member = composite.Member(i);
            var at = start + member.BitOffset / 8;
            var name = path + member.Name;
            if (member.Name.Length > 0)
            {
                if (!offsets.TryGetValue(name, out var places))
                    offsets.Add(name, places = []);
                places.Add(at);
            }

            var type = types.Resolve(member.TypeId);
            if (type.IsComposite)
                Collect(types, type, at, member.Name.Length > 0 ? $"{name}." : path, offsets);
        }
    }
}
