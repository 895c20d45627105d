using System.Net;
using System.Text;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Otlp.Tests.Delivery;

/// <summary>What a server answers is hostile input: nothing of it throws, and what is kept of it is bounded.</summary>
public sealed class AnswerFuzzTests
{
    private const int Rounds = 20_000;

    [Fact]
    public void Answers_that_are_damaged_never_throw_and_messages_stay_short()
    {
        var random = new Random(5);
        byte[] response = new ExportTraceServiceResponse
        {
            PartialSuccess = new ExportTracePartialSuccess { RejectedSpans = 3, ErrorMessage = new string('m', 2000) },
        }.ToByteArray();
        // google.rpc.Status { details: Any { "x/google.rpc.RetryInfo", RetryInfo { 2 s } } }
        byte[] status = Convert.FromBase64String("Gh4KFngvZ29vZ2xlLnJwYy5SZXRyeUluZm8SBAoCCAI=");
        for (int round = 0; round < Rounds; round++)
        {
            byte[] body = Damage(random, [0, 0, 0, 0, (byte)response.Length, .. response]);
            byte[] details = Damage(random, status);
            string message = Encoding.Latin1.GetString(Damage(random, "busy%20%zz%E2%82now"u8.ToArray())).Replace('\0', ' ');
            using var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("") };
            answer.TrailingHeaders.TryAddWithoutValidation("grpc-status", random.Next(4) == 0 ? "x" : random.Next(-1, 20).ToString());
            answer.TrailingHeaders.TryAddWithoutValidation("grpc-message", message);
            answer.TrailingHeaders.TryAddWithoutValidation(
                RpcStatusDetails.Trailer, random.Next(3) == 0 ? message : Convert.ToBase64String(details));
            try
            {
                Check(GrpcAnswer.Read(answer, body));
                ExportResponse parsed = ExportResponse.Parse(body);
                Assert.InRange(parsed.Message.Length, 0, 512);
                Assert.InRange(RpcStatusDetails.RetryDelay(details)?.TotalSeconds ?? 0, 0, 86_401);
                Assert.InRange(RpcStatusDetails.Message(details).Length, 0, 512);
            }
            catch (Exception e)
            {
                Assert.Fail($"{e}\nbody {Convert.ToHexString(body)}\ndetails {Convert.ToHexString(details)}\nmessage {message}");
            }
        }
    }

    [Fact]
    public void Requests_that_are_damaged_are_split_into_what_can_be_read_or_not_at_all()
    {
        var random = new Random(6);
        Batch good = SampleBatches.Metrics(12);
        byte[] request = good.Bytes.ToArray();
        good.Release();
        for (int round = 0; round < Rounds; round++)
        {
            byte[] damaged = Damage(random, request);
            Batch batch = Batch.Copy(Signal.Metrics, 12, damaged);
            bool split = RequestSplitter.TrySplit(batch, out Batch? first, out Batch? second);
            batch.Release();
            if (!split)
                continue;
            Assert.True(RequestItems.TryCount(Signal.Metrics, first!.Bytes.Span, out int before), Convert.ToHexString(damaged));
            Assert.True(RequestItems.TryCount(Signal.Metrics, second!.Bytes.Span, out int after), Convert.ToHexString(damaged));
            Assert.Equal((first.Items, second.Items), (before, after));
            first.Release();
            second.Release();
        }
    }

    private static void Check(SendOutcome outcome)
    {
        Assert.InRange(outcome.Message?.Length ?? 0, 0, 512);
        RetryDecision decision = RetryDecision.After(outcome, 1, TimeSpan.Zero, 0.5, new OtlpRetryOptions());
        Assert.InRange(decision.Delay.TotalSeconds, 0, 300);
    }

    private static byte[] Damage(Random random, byte[] bytes)
    {
        byte[] damaged = bytes[..random.Next(bytes.Length + 1)];
        if (random.Next(2) == 0)
            damaged = [.. bytes];
        for (int i = random.Next(4); i > 0 && damaged.Length > 0; i--)
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        return damaged;
    }
}
