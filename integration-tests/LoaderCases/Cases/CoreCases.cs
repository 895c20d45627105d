using System.Net;
using System.Net.Sockets;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>Each kind of CO-RE relocation (Objects/core.bpf.c).</summary>
internal static class CoreCases
{
    private const int ResetOnFork = 0x40000000; // SCHED_RESET_ON_FORK

    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("core.field_offset", _ => Run("field_offset", ("nice", Nice()))),
        new("core.field_size", _ => Run("field_size")),
        new("core.field_exists", _ => Run("field_exists")),
        new("core.field_signed", _ => Run("field_signed")),
        new("core.task_bits", _ => WithResetOnFork(expected => Run("task_bits", ("reset_on_fork", expected)))),
        new("core.sock_bits", _ => SocketBits()),
        new("core.type_exists", _ => Run("type_exists")),
        new("core.type_size", _ => Run("type_size", ("task_struct_size", CaseRun.KernelTypes.SizeOf(Find("task_struct"))))),
        new("core.type_ids", _ => TypeIds()),
        new("core.enumerators", _ => Run("enumerators")),
        new("core.flavours_and_dead_code", _ => Run("flavours")),
        new("core.reached_poison", ReachedPoison),
        new("core.direct_loads", _ => WithResetOnFork(expected => RunOnRename("direct_loads", ("reset_on_fork", expected), ("nice", Nice())))),
        new("core.widened_load", _ => RunOnRename("widened_load")),
    ];

    private static void Run(string program, params ReadOnlySpan<(string, uint)> constants)
    {
        using var core = CaseRun.Create("core", [("release", CaseRun.Release), .. constants]);
        core.Run(program);
    }

    private static void RunOnRename(string program, params ReadOnlySpan<(string, uint)> constants)
    {
        using var core = CaseRun.Create("core", [("release", CaseRun.Release), .. constants]);
        using (core.Object.Load(program).Attach())
            CaseRun.Equal(0, SystemCall.SetName("loader-cases\0"u8), "prctl(PR_SET_NAME)");
        core.Passed(program, 1);
    }

    /// <summary>Once on a thread whose bit is 0, once on one whose bit is 1.</summary>
    private static void WithResetOnFork(Action<uint> run)
    {
        run(0);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                CaseRun.Equal(0, SystemCall.SetScheduler(ResetOnFork), "sched_setscheduler(SCHED_RESET_ON_FORK)");
                run(1);
            }
            catch (Exception e) // told on the thread of the case
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    private static void SocketBits()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = (uint)((IPEndPoint)socket.LocalEndPoint!).Port;
        Check(4, 0); // SOCK_BINDADDR_LOCK
        socket.SendBufferSize = 8192; // SOCK_SNDBUF_LOCK
        Check(5, 0);
        socket.ReceiveBufferSize = 8192; // SOCK_RCVBUF_LOCK
        socket.SetRawSocketOption(1 /* SOL_SOCKET */, 11 /* SO_NO_CHECK */, [1, 0, 0, 0]);
        Check(7, 1);

        void Check(uint locks, uint noCheck) => Run("sock_bits", ("descriptor", (uint)socket.Handle), ("port", port), ("address", 0x0100007fu),
            ("user_locks", locks), ("no_check", noCheck));
    }

    private static void TypeIds()
    {
        var spec = CaseRun.Spec("core");
        CaseRun.True(spec.Types!.TryFind("only_here", BtfKind.Struct, out var local), "the object has no struct only_here");
        Run("type_ids", ("task_struct_id", Find("task_struct")), ("local_id", local));
    }

    private static void ReachedPoison(CaseRun run)
    {
        using var core = CaseRun.Create("core");
        var refusal = CaseRun.Refused(() => core.Object.Load("reached_poison"), "a field that this kernel lacks");
        run.Fact("refusal", refusal.Message);
        foreach (var part in (string[])["no_such_field", "task_struct", "reached_poison", "core.bpf.c:"])
            CaseRun.True(refusal.Message.Contains(part, StringComparison.Ordinal), $"the refusal does not name {part}: {refusal.Message}");
    }

    private static uint Find(string name)
    {
        CaseRun.True(CaseRun.KernelTypes.TryFind(name, BtfKind.Struct, out var id), $"the kernel's types have no struct {name}");
        return id;
    }

    // nice + 20, from the 19th field of /proc/self/stat.
    private static uint Nice()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return (uint)(int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], System.Globalization.CultureInfo.InvariantCulture) + 20);
    }
}
