using System.Text;
using EbpfReceiver.Configuration;

namespace EbpfReceiver.Terminal;

/// <summary>Chooses between colours and plain lines for standard output.</summary>
internal static class ConsoleViews
{
    /// <summary>A view on standard output.</summary>
    public static IConsoleView Create(ColorChoice color)
    {
        // Buffered, and flushed when nothing more waits: a write for every line would be a system call for every event.
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 16 * 1024) { AutoFlush = false, NewLine = "\n" };
        return UsesColor(color, Console.IsOutputRedirected, Environment.GetEnvironmentVariable)
            ? new ColorView(output, Console.IsOutputRedirected ? 120 : null)
            : new PlainView(output);
    }

    public static bool UsesColor(ColorChoice color, bool redirected, Func<string, string?> variable) => color switch
    {
        ColorChoice.Always => true,
        ColorChoice.Never => false,
        // https://no-color.org: set and not empty.
        _ => !redirected && string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") is not "dumb",
    };
}
