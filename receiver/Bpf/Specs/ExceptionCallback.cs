using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>
/// The function that a program names for its exceptions (<c>__exception_cb(name)</c>, since 6.7): a tag <c>exception_callback:name</c>
/// on its
/// declaration.
/// </summary>
internal static class ExceptionCallback
{
    private const string Tag = "exception_callback:";

    /// <summary>The function; null if the program names none.</summary>
    /// <exception cref="BpfRelocationException">There is no such function.</exception>
    internal static ObjectFunction? Of(BpfObjectSpec spec, ObjectFunction function)
    {
        if (spec.Types is not { } types)
            return null;
        for (var id = 1u; id < types.Count; id++)
        {
            var tag = types[id];
            if (tag.Kind != BtfKind.DeclarationTag || tag.TagComponent != -1 || !tag.NameUtf8.StartsWith("exception_callback:"u8))
                continue;
            var target = types[tag.TargetId];
            if (target.Kind != BtfKind.Function || target.Name != function.Name)
                continue;
            var name = Encoding.UTF8.GetString(tag.NameUtf8[Tag.Length..]);
            foreach (var section in spec.Symbols.Code.Values)
            {
                foreach (var candidate in section.Functions.Values)
                {
                    if (candidate.Name == name)
                        return candidate;
                }
            }
            throw new BpfRelocationException(
                function.Name, $"The program {function.Name} names {name} for its exceptions, and the object has no such function.");
        }
        return null;
    }
}
