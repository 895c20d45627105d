using System.Text;

namespace EbpfReceiver.Otlp;

/// <summary>Builds the text between the braces: sorted, escaped, and keys that become the same name joined.</summary>
internal sealed class PrometheusLabels
{
    private readonly List<(string Name, string Value)> _labels = [];
    private readonly StringBuilder _text = new();

    public void Clear() => _labels.Clear();

    public void Add(string name, string value) => _labels.Add((name, value));

    public void AddAttributes(AttributeEnumerator attributes)
    {
        foreach (AttributeView attribute in attributes)
            Add(PrometheusName.OfLabel(Encoding.UTF8.GetString(attribute.Key)), attribute.Value.ToString());
    }

    /// <summary><c>a="1",b="2"</c></summary>
    public string Render()
    {
        _labels.Sort(static (x, y) =>
        {
            int byName = string.CompareOrdinal(x.Name, y.Name);
            return byName != 0 ? byName : string.CompareOrdinal(x.Value, y.Value);
        });
        _text.Clear();
        for (int i = 0; i < _labels.Count; i++)
        {
            (string name, string value) = _labels[i];
            // An empty label is no label.
            if (value.Length == 0)
                continue;
            if (_text.Length > 0)
                _text.Append(',');
            _text.Append(name).Append("=\"");
            Escape(value);
            for (; i + 1 < _labels.Count && _labels[i + 1].Name == name; i++)
            {
                _text.Append(';');
                Escape(_labels[i + 1].Value);
            }
            _text.Append('"');
        }
        return _text.ToString();
    }

    private void Escape(string value)
    {
        foreach (char c in value)
        {
            switch (c)
            {
                case '\\':
                    _text.Append(@"\\");
                    break;
                case '"':
                    _text.Append("\\\"");
                    break;
                case '\n':
                    _text.Append("\\n");
                    break;
                default:
                    _text.Append(c);
                    break;
            }
        }
    }
}
