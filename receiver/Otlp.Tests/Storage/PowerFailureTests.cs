namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>
/// What a disk may hold after the power failed: all that was flushed, and of what was written since any set of sectors, in a file of any
/// length in between. No real device fails on demand in all these ways, so the images are made from what was written.
/// </summary>
public sealed class PowerFailureTests : IDisposable
{
    private const int Sector = 512;

    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory.Of("otlp");

    [Fact]
    public void What_was_flushed_survives_any_loss_of_what_was_not()
    {
        var random = new Random(1);
        for (int round = 0; round < 400; round++)
        {
            int flushed = random.Next(0, 30), written = flushed + random.Next(1, 30);
            long flushedLength = SegmentHeader.Size;
            using (var log = new OpenedLog(Path))
            {
                log.Append(Enumerable.Range(0, flushed));
                log.Log.Flush();
                flushedLength += log.Storage.Bytes == 0 ? 0 : log.Storage.Bytes - 2 * SegmentHeader.Size;
                log.Append(Enumerable.Range(flushed, written - flushed));
            }
            string records = Assert.Single(Directory.GetFiles(Path, "*.records"));
            byte[] bytes = File.ReadAllBytes(records);
            Assert.InRange(flushedLength, SegmentHeader.Size, bytes.Length);
            File.WriteAllBytes(records, AfterPowerFailure(bytes, flushedLength, random));
            using (var next = new OpenedLog(Path))
            {
                List<int> numbers = next.Drain();
                Assert.Equal(Enumerable.Range(0, flushed), numbers.Take(flushed));
                Assert.Equal(numbers.Distinct().Order(), numbers);
                Assert.All(numbers, n => Assert.InRange(n, 0, written - 1));
                next.AssertBalanced();
            }
            Directory.Delete(Path, recursive: true);
        }
    }

    public void Dispose() => _directory.Dispose();

    private static byte[] AfterPowerFailure(byte[] bytes, long flushed, Random random)
    {
        byte[] image = [.. bytes.AsSpan(0, random.Next((int)flushed, bytes.Length + 1))];
        int percent = random.Next(101);
        for (int sector = (int)flushed / Sector * Sector; sector < image.Length; sector += Sector)
        {
            // A sector that was there before and is written again is either the old one or the new one.
            int from = Math.Max(sector, (int)flushed), to = Math.Min(sector + Sector, image.Length);
            if (random.Next(100) >= percent)
                continue;
            if (random.Next(2) == 0)
                image.AsSpan(from, to - from).Clear();
            else
                random.NextBytes(image.AsSpan(from, to - from));
        }
        return image;
    }
}
