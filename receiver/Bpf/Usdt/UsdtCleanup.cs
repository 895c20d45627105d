namespace EbpfReceiver.Bpf;

/// <summary>What an attached USDT probe has in the object's maps, to be given back when it is detached.</summary>
internal sealed class UsdtCleanup(UsdtSpecifications? specifications)
{
    public List<int> Numbers { get; } = [];

    public List<ulong> Addresses { get; } = [];

    public void Run()
    {
        if (specifications is null)
            return;
        foreach (var address in Addresses)
            specifications.RemoveAddress(address);
        foreach (var number in Numbers)
            specifications.Give(number);
    }
}
