namespace EbpfReceiver.Services.Exports;

/// <summary>What an OTLP client is told of its request: a refusal, or how much of it was taken.</summary>
/// <param name="Refusal">Nothing was taken, and why; null if the request was.</param>
/// <param name="Rejected">Items that were left out because they are invalid.</param>
/// <param name="Message">Why, or what the sender should know otherwise; null if there is nothing to say.</param>
/// <param name="Stored">The answer is to wait for this: what was taken is in the queues on disk that it goes through; null if there is none.</param>
internal readonly record struct ExportAnswer(Refusal? Refusal, int Rejected = 0, string? Message = null, Task? Stored = null);
