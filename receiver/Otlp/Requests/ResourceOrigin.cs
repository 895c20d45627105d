namespace EbpfReceiver.Otlp;

/// <summary>
/// The attributes by which a resource says what it is about. A collector forwards telemetry of other machines and processes: where one of
/// these is not what is known of the sender, nothing else that is known of the sender holds for the resource either.
/// </summary>
internal sealed class ResourceOrigin
{
    private readonly List<long> _places = [];

    /// <summary>Whether a key is one of them: host.id, host.name, process.pid, container.id, k8s.pod.uid.</summary>
    public static bool IsKey(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("host.id"u8) || key.SequenceEqual("host.name"u8) || key.SequenceEqual("process.pid"u8)
        || key.SequenceEqual("container.id"u8) || key.SequenceEqual("k8s.pod.uid"u8);

    /// <summary>Remembers the place of one of the keys in a string table; a hostile table that repeats them is not followed for long.</summary>
    public void Learn(ReadOnlySpan<byte> text, long place)
    {
        if (_places.Count < 64 && IsKey(text))
            _places.Add(place);
    }

    /// <summary>Whether the key at a place of the string table is one of them.</summary>
    public bool Has(long place) => _places.Contains(place);
}
