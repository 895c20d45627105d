namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>
/// <c>registry FOLDER [--constants FILE --namespace NAME --version VERSION] [--reference FILE]</c>: writes the telemetry registry as C#
/// or as a page of documentation. A file whose content is the same stays untouched, so that builds stay incremental.
/// </summary>
internal static class RegistryCommand
{
    private const string Usage = "registry FOLDER [--constants FILE --namespace NAME --version VERSION] [--reference FILE]";

    public static int Run(ReadOnlySpan<string> arguments, TextWriter errors)
    {
        string folder = "", constants = "", space = "", version = "", reference = "";
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--constants" when i + 1 < arguments.Length: constants = arguments[++i]; break;
                case "--namespace" when i + 1 < arguments.Length: space = arguments[++i]; break;
                case "--version" when i + 1 < arguments.Length: version = arguments[++i]; break;
                case "--reference" when i + 1 < arguments.Length: reference = arguments[++i]; break;
                case "-h" or "--help":
                    errors.WriteLine($"Usage: {Usage}");
                    return 0;
                case { } argument when folder.Length == 0 && !argument.StartsWith('-'): folder = argument; break;
                default:
                    errors.WriteLine($"'{arguments[i]}' is not understood. Usage: {Usage}");
                    return 2;
            }
        }

        if (folder.Length == 0 || (constants.Length > 0) != (space.Length > 0))
        {
            errors.WriteLine($"Usage: {Usage}");
            return 2;
        }

        try
        {
            TelemetryRegistry registry = TelemetryRegistry.Load(folder);
            if (constants.Length > 0) WriteIfChanged(constants, new ConstantsWriter(registry, space, version).Write());
            if (reference.Length > 0) WriteIfChanged(reference, new ReferenceWriter(registry).Write());
            return 0;
        }
        catch (RegistryException e)
        {
            // The form that MSBuild takes for an error with a place.
            errors.WriteLine($"{e.File}({e.Line}): error REG001: {e.Reason}");
            return 1;
        }
    }

    private static void WriteIfChanged(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text) return;
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        File.WriteAllText(path, text);
    }
}
