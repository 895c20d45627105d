namespace EbpfReceiver.ProbeLanguage;

/// <summary>The whole of a probe file.</summary>
internal static class ProbeFileReader
{
    public static ProbeFile? Read(string text, string path, DiagnosticBag diagnostics)
    {
        if (YamlReader.Read(text, path, diagnostics) is not { } root)
            return null;
        if (root is YamlScalar { IsNull: true })
        {
            diagnostics.Add(new(path), "", "the file is empty; a probe file begins with version: 1 and has a list of probes");
            return null;
        }

        if (root is YamlMap top && top.Find("probes") is null && top.Find("on") is not null)
        {
            diagnostics.Add(top.Location, "", "a probe stands in the list probes:, as in \"version: 1\", \"probes:\", \"  - name: ...\"");
            return null;
        }

        if (FieldReader.Open(root, "", diagnostics, "a probe file", "version", "probes", "description") is not { } fields)
            return null;
        int version = fields.Integer("version", 1, int.MaxValue) ?? 1;
        if (version != 1)
            fields.Fail("version", $"version {version} of the language is not known; this is version 1");
        if (fields.Node("probes") is not YamlList { Items.Count: > 0 } list)
        {
            diagnostics.Add(fields.LocationOf("probes"), "probes", "a list of probes is expected");
            return null;
        }

        if (list.Items.Count > ProbeFile.MaxProbes)
        {
            diagnostics.Add(list.Location, "probes", $"the file has {list.Items.Count} probes; at most {ProbeFile.MaxProbes} are taken");
            return null;
        }

        var probes = new List<ProbeDefinition>();
        var names = new Dictionary<string, SourceLocation>(StringComparer.Ordinal);
        for (int i = 0; i < list.Items.Count; i++)
        {
            int before = diagnostics.Count;
            if (ProbeReader.Read(list.Items[i], $"probes[{i}]", diagnostics) is not { } probe)
                continue;
            if (!names.TryAdd(probe.Name, probe.Location))
                diagnostics.Add(probe.Location, $"probes[{i}].name", $"a probe {probe.Name} is there already, in line {names[probe.Name].Line}");
            if (diagnostics.Count == before)
                probes.Add(probe);
        }

        return new(path, version, probes, text);
    }
}
