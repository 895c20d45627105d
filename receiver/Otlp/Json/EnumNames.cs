using System.Text;

namespace EbpfReceiver.Otlp;

/// <summary>
/// The names of an enum's values, which the general JSON mapping of protobuf allows and OTLP's does not write: peers that use the general
/// one are understood.
/// </summary>
internal sealed class EnumNames
{
    private readonly byte[][] _names;

    /// <param name="prefix">What all names begin with.</param>
    /// <param name="names">The rest of each, in the order of their numbers from 0.</param>
    public EnumNames(string prefix, params string[] names) => _names = [.. names.Select(name => Encoding.UTF8.GetBytes(prefix + name))];

    /// <summary>The number of a value with a name; false if there is none.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out int number)
    {
        for (number = 0; number < _names.Length; number++)
        {
            if (name.SequenceEqual(_names[number]))
                return true;
        }
        return false;
    }
}
