namespace EbpfReceiver.Bpf;

/// <summary>
/// Names without their flavour: in <c>task_struct___old</c> all from the last three underscores on, if neither side of them
/// is another underscore, only tells apart versions of one kernel type.
/// </summary>
internal static class EssentialName
{
    internal static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> name)
    {
        // Nearly no name has three underscores in a row: let the vectorised search say so.
        if (name.IndexOf("___"u8) < 0)
            return name;
        for (var i = name.Length - 5; i >= 0; i--)
        {
            if (name[i] != '_' && name[i + 1] == '_' && name[i + 2] == '_' && name[i + 3] == '_' && name[i + 4] != '_')
                return name[..(i + 1)];
        }
        return name;
    }
}
