using System.Runtime.InteropServices;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class UsdtTests
{
    private const int Rounds = 20;

    [Theory]
    [InlineData(false, "uprobe.multi")]
    [InlineData(true, "perf_uprobe")]
    public void Every_form_of_argument_has_its_value_at_every_site(bool oneByOne, string means)
    {
        Require(oneByOne ? KernelFeature.UprobePerf : KernelFeature.UprobeMulti);
        var before = Descriptors.Census();
        using (var usdt = Create(oneByOne))
        using (var target = new UsdtTarget(Rounds))
        {
            using (var link = usdt.Load("by_cookie").AttachUsdt(UsdtTarget.Path, "test", "forms", new() { ProcessId = target.Id, Cookie = 77 }))
            {
                Assert.Equal($"usdt {UsdtTarget.Path}:test:forms (2 sites, {means})", link.Description);
                Assert.Empty(link.Problems);
                target.Go();
            }

            AssertForms(usdt);
            Assert.Equal(77UL, Globals.Number(usdt, "cookie"));
        }

        Assert.Equal(before, Descriptors.Census());
    }

    [Theory]
    [InlineData("-fPIE -pie", true)]
    [InlineData("-no-pie -fno-pie", false)]
    public void Without_cookies_the_site_is_known_by_its_address(string flags, bool takesProcess)
    {
        Require(KernelFeature.UprobePerf);
        var path = UsdtTarget.Compile(flags);
        using var usdt = Create(oneByOne: true);
        using var target = new UsdtTarget(Rounds, path);
        var program = usdt.Load("by_place");
        if (takesProcess)
        {
            var e = Assert.Throws<BpfException>(
                () => UsdtAttachment.Attach(program, path, "test", "forms", new UsdtOptions(), byCookie: false));
            Assert.Contains("position-independent, so where it is in memory is only known of one process", e.Message, StringComparison.Ordinal);
        }

        using (UsdtAttachment.Attach(
            program, path, "test", "forms", new UsdtOptions { ProcessId = takesProcess ? target.Id : -1 }, byCookie: false))
        {
            Assert.Equal(2, Count(usdt.Map("__bpf_usdt_ip_to_spec_id")));
            target.Go();
        }

        AssertForms(usdt);
        Assert.Equal(0, Count(usdt.Map("__bpf_usdt_ip_to_spec_id")));
    }

    [Fact]
    public void An_index_register_and_a_scale_are_taken_where_the_object_knows_them()
    {
        Require(KernelFeature.UprobeMulti);
        using var usdt = Create();
        using var target = new UsdtTarget(Rounds);
        using (usdt.Load("by_cookie").AttachUsdt(UsdtTarget.Path, "test", "indexed"))
            target.Go();
        // small[3], and numbers[1 + 3].
        Assert.Equal([-4L * Rounds, unchecked(0x123456789abcdef0L * Rounds)], Numbers(usdt, "sums", 2));
    }

    [Fact]
    public void A_site_whose_arguments_can_not_be_had_is_left_out_and_named()
    {
        Require(KernelFeature.UprobeMulti);
        using var usdt = Create();
        using var target = new UsdtTarget(Rounds);
        using (var link = usdt.Load("by_cookie").AttachUsdt(UsdtTarget.Path, "test", "partly"))
        {
            Assert.Matches(@"^Site 0x[0-9a-f]+ of test:partly: The argument 8@numbers\(%rip\) is not supported: its address is that of a symbol",
                Assert.Single(link.Problems));
            target.Go();
        }

        Assert.Equal((ulong)Rounds, Globals.Number(usdt, "hits"));
        Assert.Equal(0UL, Globals.Number(usdt, "unknown"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_semaphore_is_up_while_the_probe_is_attached(bool oneByOne)
    {
        Require(oneByOne ? KernelFeature.UprobePerf : KernelFeature.UprobeMulti);
        using var usdt = Create(oneByOne);
        using (var unseen = new UsdtTarget(Rounds))
            Assert.Equal(0, unseen.Go());
        using (var target = new UsdtTarget(Rounds))
        using (usdt.Load("by_cookie").AttachUsdt(UsdtTarget.Path, "test", "guarded"))
            Assert.Equal(1, target.Go());
        Assert.Equal((ulong)Rounds, Globals.Number(usdt, "hits"));
        using (var after = new UsdtTarget(Rounds))
            Assert.Equal(0, after.Go());
        Assert.Equal((ulong)Rounds, Globals.Number(usdt, "hits"));
    }

    [Fact]
    public void Where_there_is_a_long_nop_the_kernel_gets_that()
    {
        var sites = UsdtProbes.Find(UsdtTarget.Path, "test", "fast");
        Assert.Equal([sites[0].FileOffset + 1], UsdtInstruction.Offsets(UsdtTarget.Path, sites, hasCall: true));
        Assert.Equal([sites[0].FileOffset], UsdtInstruction.Offsets(UsdtTarget.Path, sites, hasCall: false));
        Require(KernelFeature.UprobeMulti);
        using var usdt = Create();
        using var target = new UsdtTarget(Rounds);
        using (usdt.Load("by_cookie").AttachUsdt(UsdtTarget.Path, "test", "fast"))
            target.Go();
        Assert.Equal([(long)Rounds * (Rounds - 1) / 2], Numbers(usdt, "sums", 1));
    }

    [Fact]
    public void Specifications_are_given_back_and_their_number_is_bounded()
    {
        Require(KernelFeature.UprobeMulti);
        using var usdt = Create();
        var program = usdt.Load("by_cookie");
        for (var i = 0; i < 20; i++)
        {
            using var one = program.AttachUsdt(UsdtTarget.Path, "test", "forms");
            using var two = program.AttachUsdt(UsdtTarget.Path, "test", "forms"); // 4 specifications, which is all there are
            var e = Assert.Throws<BpfException>(() => program.AttachUsdt(UsdtTarget.Path, "test", "fast"));
            Assert.StartsWith("The object can describe 4 USDT sites with different arguments at a time", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_section_names_file_provider_and_probe()
    {
        Require(KernelFeature.UprobeMulti);
        using var usdt = Create();
        using var link = usdt.Load("on_throw").Attach();
        Assert.Matches(@"^usdt /.*/libstdc\+\+\.so\.6:libstdcxx:throw \(\d+ sites, uprobe\.multi\)$", link.Description);
    }

    private static void Require(KernelFeature feature)
    {
        KernelAccess.Require(feature);
        KernelAccess.Require(KernelFeature.AttachCookie);
    }

    private static BpfObject Create(bool oneByOne = false)
    {
        var spec = KernelAccess.Spec("usdt");
        foreach (var program in spec.Programs)
            program.ExpectedAttachType = oneByOne ? BpfAttachType.PerfEvent : default;
        return BpfObject.Create(spec, new BpfObjectOptions { KernelTypes = KernelAccess.KernelTypes });
    }

    private static void AssertForms(BpfObject usdt)
    {
        Assert.Equal((ulong)(2 * Rounds), Globals.Number(usdt, "hits"));
        Assert.Equal(0UL, Globals.Number(usdt, "unknown"));
        Assert.Equal(2 * Rounds, Numbers(usdt, "counts", 13)[5]);
        // Of both sites: round and numbers[0]; -5 and numbers[1]; the low byte of 0x1ff and the low half of numbers[4]; (short)0x8000 and
        // small[3]; the constants.
        Assert.Equal(
            [
                Rounds * (Rounds - 1) / 2 + 100L * Rounds, (-5L - 200) * Rounds, (0xffL + 0x9abcdef0L) * Rounds, (-32768L - 4) * Rounds,
                (-7L + 255) * Rounds,
            ],
            Numbers(usdt, "sums", 5));
    }

    private static long[] Numbers(BpfObject usdt, string name, int count)
        => MemoryMarshal.Cast<byte, long>(Globals.Read(usdt, name))[..count].ToArray();

    private static int Count(BpfMap map)
    {
        var snapshot = new MapSnapshot();
        snapshot.Refresh(map);
        return snapshot.Count;
    }
}
