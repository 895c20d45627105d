using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>A network namespace that is reached by a cable of its own, which can be cut, and whose answers can get lost.</summary>
internal sealed class RemoteNetwork : IDisposable
{
    private readonly string _name;
    private readonly string _near;
    private readonly string _far;
    private readonly string _nearAddress;

    private RemoteNetwork(string name, string near, string far, string nearAddress, string address)
    {
        _name = name;
        _near = near;
        _far = far;
        _nearAddress = nearAddress;
        Address = address;
    }

    /// <summary>The address of what runs there.</summary>
    public string Address { get; }

    /// <summary>What starts a program there.</summary>
    public IReadOnlyList<string> Wrapper => ["ip", "netns", "exec", _name];

    public static RemoteNetwork Create()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        // A pair of addresses that nobody else has, of the block for tests between networks (RFC 2544).
        int pair = Random.Shared.Next(1, 1 << 14), third = pair >> 6, fourth = (pair & 63) << 2;
        string id = $"{pair:x4}{Environment.ProcessId & 0xffff:x4}", name = $"remote-{id}", near = $"near-{id}", far = $"far-{id}";
        var network = new RemoteNetwork(name, near, far, $"198.18.{third}.{fourth + 1}", $"198.18.{third}.{fourth + 2}");
        CommandResult made = Command.Run("ip", ["netns", "add", name]);
        Assert.SkipUnless(made.ExitCode == 0, $"no network namespaces here: {made.Error}");
        try
        {
            CommandResult cable = Command.Run("ip", ["link", "add", near, "type", "veth", "peer", "name", far, "netns", name]);
            Assert.SkipUnless(cable.ExitCode == 0, $"no virtual cables here: {cable.Error}");
            Ip("addr", "add", $"{network._nearAddress}/30", "dev", near);
            Ip("link", "set", near, "up");
            Ip("-n", name, "addr", "add", $"{network.Address}/30", "dev", far);
            Ip("-n", name, "link", "set", far, "up");
            Ip("-n", name, "link", "set", "lo", "up");
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>What is sent there arrives, and no answer comes back, nor an acknowledgement.</summary>
    public void LoseAnswers() => Ip("-n", _name, "route", "add", "blackhole", $"{_nearAddress}/32");

    /// <summary>Ends <see cref="LoseAnswers"/>.</summary>
    public void ReturnAnswers() => Ip("-n", _name, "route", "del", "blackhole", $"{_nearAddress}/32");

    /// <summary>Cuts the cable at its other end: what is sent there gets lost, and nobody says so.</summary>
    public void Cut() => Ip("-n", _name, "link", "set", _far, "down");

    /// <summary>Ends <see cref="Cut"/>.</summary>
    public void Mend() => Ip("-n", _name, "link", "set", _far, "up");

    /// <summary>The cable goes with the namespace, which stays as long as a program runs there.</summary>
    public void Dispose()
    {
        Command.Run("ip", ["link", "del", _near]);
        Command.Run("ip", ["netns", "del", _name]);
    }

    private static void Ip(params string[] arguments) => Command.Run("ip", arguments).EnsureSuccess();
}
