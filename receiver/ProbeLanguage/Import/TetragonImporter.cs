namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Reads TracingPolicies of Tetragon into probes that write log events: kprobes, tracepoints and uprobes, types of arguments, and the common
/// selectors. What is not taken is refused by naming the part; nothing is ever enforced.
/// </summary>
public static class TetragonImporter
{
    private static readonly string[] s_notTaken = ["lsmhooks", "usdts", "lists", "options", "podSelector", "containerSelector", "enforcers", "killers", "loader"];

    /// <summary>Whether a text is meant to be a policy: it has the kind of one, or the version of Cilium's resources, at the left edge.</summary>
    public static bool IsPolicy(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if ((line.StartsWith("kind:") && line.Contains("TracingPolicy", StringComparison.Ordinal))
                || (line.StartsWith("apiVersion:") && line.Contains("cilium.io/", StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a policy.</summary>
    /// <param name="text">The YAML; hostile text is safe.</param>
    /// <param name="path">Its name in messages.</param>
    /// <returns>A probe for each hook of the policy.</returns>
    /// <exception cref="ProbeLanguageException">The policy is wrong, or has a part that is not taken; all that was found is in it.</exception>
    public static ProbeFile Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        var diagnostics = new DiagnosticBag();
        var probes = new List<ProbeDefinition>();
        if (YamlReader.Read(text, path, diagnostics) is { } root
            && FieldReader.Open(root, "", diagnostics, "a policy", "apiVersion", "kind", "metadata", "spec") is { } policy)
        {
            string name = Header(policy);
            if (policy.Node("spec") is not { } spec)
                diagnostics.Add(root.Location, "", "the key spec is missing");
            else if (FieldReader.Open(spec, "spec", diagnostics, "spec", ["kprobes", "tracepoints", "uprobes", .. s_notTaken]) is { } hooks)
                Read(hooks, name, probes);
            if (diagnostics.Count == 0 && probes.Count == 0)
                diagnostics.Add(root.Location, "spec", "the policy has no kprobes, tracepoints or uprobes");
        }

        diagnostics.ThrowIfAny();
        return new(path, 1, probes, text);
    }

    private static string Header(FieldReader policy)
    {
        if (policy.Text("kind") is { } kind && kind is not ("TracingPolicy" or "TracingPolicyNamespaced"))
            policy.Fail("kind", $"a TracingPolicy is expected, not {kind}");
        string name = (policy.Node("metadata") as YamlMap)?.Find("name")?.Value is YamlScalar scalar ? scalar.Text : "policy";
        return ProbeReader.IsName(name) ? name : "policy";
    }

    private static void Read(FieldReader hooks, string name, List<ProbeDefinition> probes)
    {
        foreach (string part in s_notTaken)
        {
            if (hooks.Has(part))
                hooks.Fail(part, $"{part} is not taken; kprobes, tracepoints and uprobes are");
        }

        foreach (string kind in (string[])["kprobes", "tracepoints", "uprobes"])
        {
            if (hooks.Node(kind) is not { } node)
                continue;
            if (node is not YamlList list)
            {
                hooks.Fail(kind, $"a list is expected, not {node.Describe()}");
                continue;
            }

            for (int i = 0; i < list.Items.Count && probes.Count < ProbeFile.MaxProbes; i++)
            {
                string own = probes.Count == 0 ? name : $"{name}_{probes.Count + 1}";
                if (new TetragonHook(kind, list.Items[i], $"spec.{kind}[{i}]", hooks.Diagnostics).Read(own) is { } probe)
                    probes.Add(probe);
            }
        }
    }
}
