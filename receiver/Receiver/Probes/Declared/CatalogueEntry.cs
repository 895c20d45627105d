using System.Globalization;

namespace EbpfReceiver.Probes.Declared;

/// <summary>A probe of the catalogue as the index that the build makes has it: what there is to say of it without reading its file.</summary>
/// <param name="File">The name of its file, as <c>block.yaml</c>.</param>
/// <param name="Line">Its first line there, from 1.</param>
/// <param name="NextLine">The first line of the probe behind it; 0 if it is the last.</param>
/// <param name="Name">Its name.</param>
/// <param name="Group">Its group.</param>
/// <param name="IsEnabled">Whether it is on by default.</param>
/// <param name="Description">What it measures.</param>
internal sealed record CatalogueEntry(string File, int Line, int NextLine, string Name, string Group, bool IsEnabled, string Description)
{
    /// <summary>Reads a line of the index.</summary>
    public static CatalogueEntry Parse(string line)
    {
        string[] fields = line.Split('\t');
        return new CatalogueEntry(
            fields[0],
            int.Parse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture),
            int.Parse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture),
            fields[3],
            fields[4],
            fields[5] == "true",
            fields[6]);
    }
}
