using System.Text;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Describes keys and values of series in BTF, so that bpftool prints them by name.</summary>
internal sealed class MapTypes(BtfEncoder types)
{
    private readonly Dictionary<ProbeType, uint> _integers = [];

    public (uint Key, uint Value) Of(SeriesLayout series)
    {
        var members = new List<(string, uint, int)>();
        foreach (var field in series.Fields)
            members.Add((Identifier(field.Attribute.Name), TypeOf(field.Attribute.Type), field.Offset));
        var key = types.Struct($"{series.MapName}_key", series.KeySize, members);

        members = [];
        Number("count", series.Value.CountOffset);
        Number("sum", series.Value.SumOffset);
        Number("minimum", series.Value.MinimumOffset);
        Number("maximum", series.Value.MaximumOffset);
        Number("last", series.Value.LastOffset);
        if (series.Value.Buckets is { } buckets)
        {
            Number("zero", buckets.ZeroOffset);
            Number("negative", buckets.NegativeOffset);
            members.Add(("buckets", Array(ProbeType.U32, buckets.Count), buckets.Offset));
        }
        members.Sort(static (a, b) => a.Item3.CompareTo(b.Item3));
        return (key, types.Struct($"{series.MapName}_value", series.Value.Size, members));

        void Number(string name, int offset)
        {
            if (offset >= 0)
                members.Add((name, TypeOf(series.Emitter.IsSigned ? ProbeType.I64 : ProbeType.U64), offset));
        }
    }

    private uint TypeOf(ProbeType type) => type.Kind switch
    {
        ValueKind.Text => Array(ProbeType.I8, type.Size),
        ValueKind.Ip6 => Array(ProbeType.U8, type.Size),
        _ => Integer(ProbeType.Integer(type.Size, type.IsSigned)),
    };

    private uint Array(ProbeType element, int count) => types.Array(Integer(element), Integer(ProbeType.U32), count);

    private uint Integer(ProbeType type)
    {
        if (!_integers.TryGetValue(type, out var id))
            _integers.Add(type, id = types.Integer(type.ToString(), type.Size, type.IsSigned));
        return id;
    }

    private static string Identifier(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var character in name)
            text.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? $"_{text}" : text.ToString();
    }
}
