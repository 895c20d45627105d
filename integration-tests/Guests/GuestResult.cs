namespace EbpfReceiver.IntegrationTests.Guests;

/// <summary>What a guest left: the files below its /out in a directory here, and all that it wrote on its console.</summary>
internal sealed record GuestResult(string Directory, string Console)
{
    public string PathOf(string file) => Path.Combine(Directory, file);

    /// <summary>A file of /out; one that is missing is an error that shows why, as far as the guest says.</summary>
    public string Text(string file) => File.Exists(PathOf(file))
        ? File.ReadAllText(PathOf(file))
        : throw new FileNotFoundException($"the guest left no {file}\n{Explanation()}");

    /// <summary>Throws unless the test script ended with 0.</summary>
    public GuestResult EnsureSuccess() => Text("exit").Trim() == "0"
        ? this
        : throw new InvalidOperationException($"the guest's script ended with {Text("exit").Trim()}\n{Explanation()}");

    private string Explanation() => string.Join('\n',
        ((string[])["stderr", "stdout", "dmesg"]).Where(file => File.Exists(PathOf(file))).Select(file => $"--- {file}\n{Tail(File.ReadAllText(PathOf(file)))}")
            .Append($"--- console\n{Tail(Console)}"));

    private static string Tail(string text) => text.Length <= 6000 ? text : "..." + text[^6000..];
}
