using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf;

/// <summary>
/// The maps by which programs compiled with usdt.bpf.h find their arguments: specifications by number, and, for kernels without cookies,
/// numbers by the address of the instruction. One for an object; numbers that are given back are used again.
/// </summary>
internal sealed class UsdtSpecifications
{
    private const string SpecificationsMap = "__bpf_usdt_specs";
    private const string AddressesMap = "__bpf_usdt_ip_to_spec_id";
    private readonly BpfMap _specifications;
    private readonly BpfMap? _addresses;
    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();
    private int _next;

    private UsdtSpecifications(BpfMap specifications, BpfMap? addresses, UsdtLayout layout)
    {
        _specifications = specifications;
        _addresses = addresses;
        Layout = layout;
    }

    public UsdtLayout Layout { get; }

    /// <summary>Those of an object; null if it was compiled without usdt.bpf.h.</summary>
    /// <exception cref="BpfException">It has a map of that name that is something else.</exception>
    public static UsdtSpecifications? Of(BpfObject loaded)
    {
        if (!loaded.Maps.TryGetValue(SpecificationsMap, out var specifications))
            return null;
        loaded.Maps.TryGetValue(AddressesMap, out var addresses);
        var layout = UsdtLayout.Of(loaded.Spec.Types);
        if (layout is null || specifications is not { Type: BpfMapType.Array, KeySize: 4 } || specifications.ValueSize != layout.Size
            || addresses is not null and not { Type: BpfMapType.Hash, KeySize: 8, ValueSize: 4 })
        {
            throw new BpfException($"The maps {SpecificationsMap} and {AddressesMap} of {loaded.Spec.Name} are not those of libbpf's usdt.bpf.h, "
                + "so the arguments of USDT probes can't be described in them.");
        }

        return new(specifications, addresses, layout);
    }

    /// <summary>Writes a specification under a free number.</summary>
    /// <exception cref="BpfException">The map is full, or can't be written.</exception>
    public int Add(IReadOnlyList<UsdtArgument> arguments, ulong cookie)
    {
        var specification = new byte[Layout.Size];
        Layout.Write(arguments, cookie, specification);
        var number = Take();
        try
        {
            _specifications.Update(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in number)), specification);
            return number;
        }
        catch
        {
            Give(number);
            throw;
        }
    }

    /// <summary>Gives a number back.</summary>
    public void Give(int number)
    {
        lock (_gate)
            _free.Push(number);
    }

    /// <summary>Ties the address of an instruction to a specification.</summary>
    /// <exception cref="BpfException">The map is full, or there is none.</exception>
    public void AddAddress(ulong address, int number)
    {
        if (_addresses is null)
            throw new BpfException($"The object has no map {AddressesMap}, which kernels without cookies (before 5.15) need for USDT probes.");
        _addresses.Update(
            MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in address)), MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in number)));
    }

    public void RemoveAddress(ulong address)
    {
        try
        {
            _addresses?.Delete(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in address)));
        }
        catch (ObjectDisposedException)
        {
            // The object went before the link; its maps go with the program.
        }
    }

    private int Take()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var number))
                return number;
            if (_next < _specifications.MaxEntries)
                return _next++;
        }

        throw new BpfException($"The object can describe {_specifications.MaxEntries} USDT sites with different arguments at a time, and all are in use: "
            + $"make the map {SpecificationsMap} larger (MaxEntries of its specification, or BPF_USDT_MAX_SPEC_CNT in C).");
    }
}
