using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>A parameter of a function prototype.</summary>
public readonly struct BtfParameter
{
    private readonly BtfTypes _types;
    private readonly uint _name;

    internal BtfParameter(BtfTypes types, uint name, uint typeId)
    {
        _types = types;
        _name = name;
        TypeId = typeId;
    }

    /// <summary>Type of the parameter; 0 for the "..." of a variadic function.</summary>
    public uint TypeId { get; }

    /// <summary>Name; often empty.</summary>
    public string Name => Encoding.UTF8.GetString(_types.StringAt(_name));
}
