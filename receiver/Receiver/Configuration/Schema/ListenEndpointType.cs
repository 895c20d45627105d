using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>Where the receiver listens.</summary>
internal sealed class ListenEndpointType()
    : ScalarType<ListenEndpoint>("address", "an address and port such as 127.0.0.1:4327, [::1]:4327, 0.0.0.0:4327 or unix:///run/ebpf-receiver.sock")
{
    public override bool TryParse(string text, [MaybeNullWhen(false)] out ListenEndpoint value) => ListenEndpoint.TryParse(text, out value);

    public override void WriteSchema(Utf8JsonWriter writer) => WritePattern(writer, @"^.+:\d+$|^unix:///.+$");
}
