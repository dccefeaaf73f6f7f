using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>A pooled, growing array that a message is written to. One owner at a time, who disposes it.</summary>
public sealed class MessageBuffer : IDisposable
{
    private const int FirstSize = 4096;
    private byte[] bytes;
    private int limit;

    private MessageBuffer(int limit)
    {
        this.limit = limit;
        bytes = ArrayPool<byte>.Shared.Rent(FirstSize);
    }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that it may grow to.</summary>
    internal int Limit => limit;

    /// <summary>Whether a write was refused because it would have passed the limit.</summary>
    internal bool HasOverflowed { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>What was written, to be changed in place; valid until the next write.</summary>
    internal Span<byte> WrittenForChange => bytes.AsSpan(0, Length);

    /// <summary>Takes a buffer that grows up to <paramref name="limit"/> bytes.</summary>
    public static MessageBuffer Rent(int limit) => new(limit);

    /// <summary>Starts over.</summary>
    public void Reset()
    {
        Length = 0;
        HasOverflowed = false;
    }

    /// <summary>Bytes that still fit below the limit.</summary>
    internal int Room => limit - Length;

    /// <summary>Takes bytes out; what follows moves up.</summary>
    internal void RemoveRange(int position, int count)
    {
        bytes.AsSpan(position + count, Length - position - count).CopyTo(bytes.AsSpan(position));
        Length -= count;
    }

    /// <summary>Forgets what was written after <paramref name="length"/>.</summary>
    internal void Truncate(int length) => Length = Math.Min(Length, length);

    /// <summary>The next <paramref name="count"/> bytes, to be filled by the caller.</summary>
    /// <exception cref="OpcUaException">BadEncodingLimitsExceeded: the message would pass its limit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<byte> Take(int count)
    {
        var start = Length;
        if (count > bytes.Length - start)
        {
            Grow(count);
        }

        Length = start + count;
        return new Span<byte>(bytes, start, count);
    }

    /// <summary>Gives back the end of what was taken and not filled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void GiveBack(int count) => Length -= count;

    public void Dispose()
    {
        var rented = bytes;
        if (rented.Length == 0)
        {
            return;
        }

        bytes = [];
        limit = 0;
        Length = 0;
        ArrayPool<byte>.Shared.Return(rented);
    }

    private void Grow(int count)
    {
        var needed = (long)Length + count;
        if (needed > limit)
        {
            HasOverflowed = true;
            throw new OpcUaException(StatusCodes.BadEncodingLimitsExceeded,
                $"a message of {needed} bytes passes the limit of {limit}");
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, bytes.Length * 2L), Array.MaxLength));
        bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
