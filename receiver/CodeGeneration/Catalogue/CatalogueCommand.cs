using System.Text;

namespace EbpfReceiver.CodeGeneration.Catalogue;

/// <summary><c>catalogue FOLDER --index FILE</c>: writes what there is to know of the catalogue's probes without reading them.</summary>
internal static class CatalogueCommand
{
    private const string Help = """
        catalogue FOLDER --index FILE

        Writes an index of the probe files of a folder: a line for each probe, in the order of the files' names, its fields divided by tabs:

          file, line of the probe, line behind it (0: it is the last of its file), name, group, true if it is on by default, description
        """;

    public static int Run(ReadOnlySpan<string> arguments, TextWriter output, TextWriter errors)
    {
        switch (arguments)
        {
            case ["-h" or "--help"]:
                output.WriteLine(Help);
                return 0;
            case [{ } folder, "--index", { } index] when !folder.StartsWith('-'):
                return Write(folder, index, errors);
            default:
                errors.WriteLine("catalogue: a folder and --index FILE are needed; see catalogue --help.");
                return 2;
        }
    }

    private static int Write(string folder, string index, TextWriter errors)
    {
        try
        {
            var text = new StringBuilder();
            foreach (string path in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
                CatalogueIndex.Append(text, path);
            File.WriteAllText(index, text.ToString());
            return 0;
        }
        catch (Exception e) when (e is Registry.RegistryException or IOException or UnauthorizedAccessException)
        {
            // The form that build tools show as an error of the build.
            errors.WriteLine($"catalogue : error CAT001: {e.Message}");
            return 1;
        }
    }
}
