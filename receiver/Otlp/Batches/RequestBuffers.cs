using System.Buffers;
using System.Numerics;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Lends the buffers of requests. Large ones that are given back are kept up to a bound, and the rest is the garbage collector's: the
/// shared pool of the runtime keeps what a burst took for minutes, one queue full of it in each size.
/// </summary>
public static class RequestBuffers
{
    /// <summary>Bytes of large buffers that are kept: what a few outlets have under way when nothing is wrong.</summary>
    public const int MostKept = 8 << 20;

    /// <summary>Up to this the shared pool lends: a thousand of them are no burst.</summary>
    private const int LargestShared = 32 << 10;

    private const int LargestKept = 4 << 20;

    private static readonly Lock s_gate = new();
    private static readonly Stack<byte[]>[] s_kept = [.. Enumerable.Range(0, ClassOf(LargestKept) + 1).Select(_ => new Stack<byte[]>())];
    private static int s_bytes;

    /// <summary>Bytes of large buffers that are kept now.</summary>
    public static int Kept => Volatile.Read(ref s_bytes);

    /// <summary>A buffer of at least so many bytes, with anything in it.</summary>
    public static byte[] Rent(int minimum)
    {
        if (minimum <= LargestShared)
            return ArrayPool<byte>.Shared.Rent(minimum);
        if (minimum > LargestKept)
            return GC.AllocateUninitializedArray<byte>(minimum);
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)minimum);
        lock (s_gate)
        {
            if (s_kept[ClassOf(size)].TryPop(out byte[]? buffer))
            {
                s_bytes -= size;
                return buffer;
            }
        }
        return GC.AllocateUninitializedArray<byte>(size);
    }

    /// <summary>Takes a buffer back; nobody may touch it afterwards.</summary>
    public static void Return(byte[] buffer)
    {
        int size = buffer.Length;
        if (size <= LargestShared)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return;
        }
        if (size > LargestKept || !BitOperations.IsPow2(size))
            return;
        lock (s_gate)
        {
            // What is used now is kept, and not what was used in a burst of other sizes.
            for (int largest = s_kept.Length - 1; s_bytes + size > MostKept; largest--)
            {
                while (s_bytes + size > MostKept && s_kept[largest].TryPop(out byte[]? other))
                    s_bytes -= other.Length;
            }
            s_kept[ClassOf(size)].Push(buffer);
            s_bytes += size;
        }
    }

    /// <summary>Keeps none any more, for when memory is short.</summary>
    public static void Trim()
    {
        lock (s_gate)
        {
            foreach (Stack<byte[]> kept in s_kept)
            {
                kept.Clear();
                kept.TrimExcess();
            }
            s_bytes = 0;
        }
    }

    /// <summary>Which power of two above <see cref="LargestShared"/> a size is.</summary>
    private static int ClassOf(int size) => BitOperations.Log2((uint)size) - BitOperations.Log2(LargestShared) - 1;
}
