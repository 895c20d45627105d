using System.Net;
using System.Text;
using EbpfReceiver.Identity;

namespace EbpfReceiver.Tests.Identity;

public class ProcTextTests
{
    [Fact]
    public void A_stat_line_is_read_even_if_the_name_looks_like_fields()
    {
        byte[] text = "1234 (a) R (b) ) S 77 1234 1234 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654321 1000 200\n"u8.ToArray();
        Assert.True(ProcStat.TryParse(text, out ProcStat stat));
        Assert.Equal(new ProcStat(1234, (byte)'S', 77, 987654321), stat);
    }

    [Fact]
    public void The_receivers_own_stat_agrees_with_the_runtime()
    {
        Assert.True(new ProcFiles().TryReadStat(Environment.ProcessId, out ProcStat stat));
        Assert.Equal(Environment.ProcessId, stat.Pid);
        DateTime started = System.Diagnostics.Process.GetCurrentProcess().StartTime.ToUniversalTime();
        ulong unix = new EbpfReceiver.Samples.KernelClock().BootToUnix(stat.StartTicks * ProcStat.NanosecondsPerTick);
        Assert.Equal(0, (started - DateTime.UnixEpoch.AddTicks((long)unix / 100)).TotalSeconds, 0.1);
    }

    [Fact]
    public void A_cut_stat_line_is_refused_wherever_it_is_cut()
    {
        byte[] text = "1 (x) S 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22"u8.ToArray();
        for (int length = 0; length <= text.AsSpan().IndexOf(" 20 "u8); length++) Assert.False(ProcStat.TryParse(text.AsSpan(0, length), out _), $"{length}");
    }

    [Theory]
    [InlineData("Name:\tx\nUid:\t1000\t0\t0\t0\n", true, 1000u)]
    [InlineData("Uid:\t0\t0\t0\t0\n", true, 0u)]
    [InlineData("Name:\tUid:\n", false, 0u)]
    [InlineData("", false, 0u)]
    public void The_real_uid_is_read(string text, bool found, uint uid)
    {
        Assert.Equal(found, ProcStatus.TryReadUid(Encoding.UTF8.GetBytes(text), out uint read));
        Assert.Equal(uid, read);
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a\0b\0", new[] { "a", "b" })]
    [InlineData("a\0\0b", new[] { "a", "", "b" })]
    [InlineData("\0", new string[0])]
    public void Lists_with_nuls_are_split(string text, string[] expected) =>
        Assert.Equal(expected, NulSeparated.Split(Encoding.UTF8.GetBytes(text), 10));

    [Theory]
    [InlineData("OTEL_SERVICE_NAME=shop\0A=b\0", "shop", null, null)]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES=service.name=a%20b, service.namespace = n,service.version=1\0", "a b", "n", "1")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES=service.name=a\0OTEL_SERVICE_NAME=b\0", "b", null, null)]
    [InlineData("OTEL_SERVICE_NAME=\0OTEL_RESOURCE_ATTRIBUTES=service.name=a\0", "a", null, null)]
    [InlineData("XOTEL_SERVICE_NAME=no\0", null, null, null)]
    [InlineData("", null, null, null)]
    public void A_service_names_itself_in_its_environment(string environment, string? name, string? space, string? version) =>
        Assert.Equal(new ServiceNaming(name, space, version), ServiceNaming.FromEnvironment(Encoding.UTF8.GetBytes(environment)));

    [Fact]
    public void The_first_name_of_a_user_wins()
    {
        Dictionary<uint, string> names = UserNames.Parse("root:x:0:0::/root:/bin/sh\n# c\ntoor:x:0:0::/:\nme:x:1000:1000\nbroken\n:x:5:\n"u8);
        Assert.Equal(new Dictionary<uint, string> { [0] = "root", [1000] = "me" }, names);
    }

    [Fact]
    public void Sockets_are_found_by_their_local_end()
    {
        byte[] v4 = Encoding.UTF8.GetBytes(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
            + "   0: 0100007F:10E7 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0 100 0 0 10 0\n"
            + "   1: 0100007F:C350 0100007F:10E7 01 00000000:00000000 00:00000000 00000000  1000        0 222 1 0 20 4 30 10 -1\n");
        byte[] v6 = Encoding.UTF8.GetBytes(
            "  sl  local_address                         remote_address                        st\n"
            + "   0: 00000000000000000000000001000000:C351 00000000000000000000000001000000:10E7 01 00000000:00000000 00:00000000 00000000     0        0 333 1\n"
            + "   1: 0000000000000000FFFF00000100007F:C352 0000000000000000FFFF00000100007F:10E7 01 00000000:00000000 00:00000000 00000000     0        0 444 1\n");
        Assert.Equal(222u, SocketTable.InodeOf(v4, new IPEndPoint(IPAddress.Loopback, 50000)));
        Assert.Equal(222u, SocketTable.InodeOf(v4, new IPEndPoint(IPAddress.Loopback.MapToIPv6(), 50000)));
        Assert.Equal(0u, SocketTable.InodeOf(v4, new IPEndPoint(IPAddress.Loopback, 50009)));
        Assert.Equal(333u, SocketTable.InodeOf(v6, new IPEndPoint(IPAddress.IPv6Loopback, 50001)));
        Assert.Equal(444u, SocketTable.InodeOf(v6, new IPEndPoint(IPAddress.Loopback, 50002)));
    }

    [Fact]
    public void The_user_of_a_socket_is_known_by_both_its_ends_while_it_is_open()
    {
        const string Header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
        // Root has a connection from the same port to somewhere else; connections that close are root's, whoever had them.
        byte[] table = Encoding.UTF8.GetBytes(
            Header
            + "   0: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 111 1 0 20 4 30 10 -1\n"
            + "   1: 0100007F:C350 0100007F:10E7 01 00000000:00000000 00:00000000 00000000  1000        0 222 1 0 20 4 30 10 -1\n"
            + "   2: 0100007F:C351 0100007F:10E7 05 00000000:00000000 03:00000000 00000000     0        0 0 3 0\n"
            + "   3: 0100007F:C352 0100007F:10E7 01 00000000:00000000 00:00000000 00000000     0        0 0 1 0 20 4 30 10 -1\n"
            + "   4: 0100007F:C353 0100007F:10E7 08 00000000:00000000 00:00000000 00000000     0        0 333 1 0 20 4 30 10 -1\n"
            + "   5: 0100007F:C354");
        IPEndPoint At(int port) => new(IPAddress.Loopback, port);
        Assert.Equal(1000u, SocketTable.UserOf(table, At(50000), At(4327)));
        Assert.Equal(0u, SocketTable.UserOf(table, At(50000), At(8080)));
        foreach (int port in (int[])[50001, 50002, 50003, 50004, 50005]) Assert.Null(SocketTable.UserOf(table, At(port), At(4327)));
        Assert.Equal(1000u, SocketTable.UserOf(table, new IPEndPoint(IPAddress.Loopback.MapToIPv6(), 50000), At(4327)));
        for (int i = 0; i < table.Length; i++) SocketTable.UserOf(table.AsSpan(0, i), At(50000), At(4327));
    }

    [Fact]
    public void An_instance_id_is_a_uuid_of_version_5()
    {
        // The example of RFC 9562, appendix A.4.
        Guid dns = new("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        Assert.Equal(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"), ServiceInstanceId.Version5(dns, "www.example.com"u8));
        Assert.NotEqual(ServiceInstanceId.Of("h", "b", 1, 2), ServiceInstanceId.Of("h", "b", 12, 2));
    }

    [Theory]
    [InlineData("python3.11", "cpython")]
    [InlineData("node", "nodejs")]
    [InlineData("php-fpm8.2", "php")]
    [InlineData("bash", null)]
    [InlineData("", null)]
    public void A_runtime_is_known_by_its_executable(string name, string? runtime) => Assert.Equal(runtime, RuntimeName.Of(name));
}
