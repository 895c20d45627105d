using System.Buffers.Binary;
using EbpfReceiver.Otlp;
using EbpfReceiver.Otlp.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

// EbpfReceiver.Otlp.Appender DIRECTORY FIRST-NUMBER
// Offers numbered batches to the queue "otlp" in a directory until it is killed, takes some, and says on its output which ones count as
// stored and which it is about to complete: each time an int, little-endian, negative for those it took. An int in a pipe is there or
// not.
int first = int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
var storage = new QueueStorageOptions
{
    Directory = args[0],
    MaxBytes = QueueStorageOptions.LeastBytes,
    SegmentBytes = 32 * 1024,
    WhenFull = FullPolicy.Refuse,
    Fsync = (FsyncPolicy)(first / 1000 % 3),
    FsyncInterval = TimeSpan.FromMilliseconds(5),
};
var statistics = new OutletStatistics(1000) { Storage = new QueueStorageStatistics(storage.MaxBytes) };
using var queue = new StoredBatchQueue(
    "otlp", new OtlpQueueOptions { Storage = storage }, statistics, NullLogger.Instance, TimeProvider.System);
using Stream output = Console.OpenStandardOutput();
var random = new Random(first);
while (queue.StoredEnd == 0)
    Thread.Sleep(1);
ulong begin = queue.StoredEnd, said = begin;
// In every other round it is said by what a sender is told.
bool asks = first / 100_000 % 2 == 1;
(int Number, Task Stored) asked = (first - 1, Task.CompletedTask);
_ = Task.Run(TakeAsync);
for (int number = first; ;)
{
    byte[] bytes = NumberedContent.BytesOf(number, random.Next(4, 3000));
    Batch batch = Batch.Copy(NumberedContent.SignalOf(number), NumberedContent.ItemsOf(number), bytes);
    if (queue.TryOffer(batch))
        number++;
    else
        batch.Release();
    if (random.Next(8) == 0)
        Thread.Yield();
    if (asks)
    {
        if (!asked.Stored.IsCompleted || asked.Number == number - 1)
            continue;
        if (asked.Number >= first)
            Say(asked.Number);
        asked = (number - 1, queue.StoredAsync(CancellationToken.None));
        continue;
    }
    ulong end = queue.StoredEnd;
    if (end == said)
        continue;
    said = end;
    Say(first + (int)(end - begin) - 1);
}

async Task TakeAsync()
{
    // Fewer than are offered, so that there is something to lose, and not in order.
    var held = new List<QueuedBatch>();
    while (await queue.TakeAsync(CancellationToken.None) is { } taken)
    {
        held.Add(taken);
        if (held.Count < 6)
            continue;
        QueuedBatch one = held[new Random(held.Count).Next(held.Count)];
        held.Remove(one);
        Say(-BinaryPrimitives.ReadInt32LittleEndian(one.Batch.Bytes.Span));
        queue.Complete(one);
        await Task.Delay(1);
    }
}

void Say(int number)
{
    Span<byte> bytes = stackalloc byte[sizeof(int)];
    BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
    lock (output)
        output.Write(bytes);
}
