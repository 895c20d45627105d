using System.Net;

namespace EbpfReceiver.Otlp.Tests.Delivery;

public class GrpcAnswerTests
{
    [Fact]
    public void A_partial_success_is_read_from_the_message()
    {
        // partial_success { rejected: 3, error_message: "old" } behind the prefix of a gRPC message.
        byte[] body = [0, 0, 0, 0, 9, 0x0A, 7, 0x08, 3, 0x12, 3, (byte)'o', (byte)'l', (byte)'d'];
        using HttpResponseMessage response = Response(HttpStatusCode.OK, trailers: [("grpc-status", "0")]);
        Assert.Equal(new SendOutcome(SendProtocol.Grpc, 0, null, 3, "old"), GrpcAnswer.Read(response, body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000")]
    [InlineData("0000000009")]
    [InlineData("00FFFFFFFF00")]
    [InlineData("01000000020000")]
    public void A_message_that_is_cut_or_compressed_is_none_and_the_status_holds(string body)
    {
        using HttpResponseMessage response = Response(HttpStatusCode.OK, trailers: [("grpc-status", "0")]);
        Assert.Equal(new SendOutcome(SendProtocol.Grpc, 0, null, 0, ""), GrpcAnswer.Read(response, Convert.FromHexString(body)));
    }

    [Fact]
    public void An_answer_without_a_message_has_its_status_in_the_headers_and_its_delay_in_unpadded_base64()
    {
        // google.rpc.Status { details: Any { "x/google.rpc.RetryInfo", RetryInfo { 2 s } } }
        const string details = "Gh4KFngvZ29vZ2xlLnJwYy5SZXRyeUluZm8SBAoCCAI";
        using HttpResponseMessage response = Response(
            HttpStatusCode.OK, [("grpc-status", "14"), ("grpc-message", "busy%20now"), ("grpc-status-details-bin", details)]);
        Assert.Equal(
            new SendOutcome(SendProtocol.Grpc, GrpcStatus.Unavailable, TimeSpan.FromSeconds(2), 0, "busy now"),
            GrpcAnswer.Read(response, []));
    }

    [Theory]
    [InlineData(400, 13)]
    [InlineData(401, 16)]
    [InlineData(403, 7)]
    [InlineData(404, 12)]
    [InlineData(429, 14)]
    [InlineData(503, 14)]
    [InlineData(500, 2)]
    [InlineData(200, 2)]
    public void A_proxy_that_answers_for_the_server_is_told_by_its_http_status(int http, int grpc)
    {
        using HttpResponseMessage response = Response((HttpStatusCode)http);
        SendOutcome outcome = GrpcAnswer.Read(response, []);
        Assert.Equal((SendProtocol.Grpc, grpc), (outcome.Protocol, outcome.Code));
        Assert.StartsWith($"HTTP status {http} with a body of text/plain", outcome.Message, StringComparison.Ordinal);
    }

    private static HttpResponseMessage Response(
        HttpStatusCode code, (string Name, string Value)[]? headers = null, (string Name, string Value)[]? trailers = null)
    {
        var response = new HttpResponseMessage(code) { Content = new StringContent("") };
        foreach ((string name, string value) in headers ?? [])
            response.Headers.TryAddWithoutValidation(name, value);
        foreach ((string name, string value) in trailers ?? [])
            response.TrailingHeaders.TryAddWithoutValidation(name, value);
        return response;
    }
}
