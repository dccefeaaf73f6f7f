using System.Buffers;
using EdgeTwin.OpcUa.Encoding;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// What has been received and not yet handled: one pooled array of fixed size, which never grows. Frames are handled
/// where they lie; the rest moves to the front only when the next frame would not fit behind it.
/// </summary>
internal sealed class FrameBuffer(int size) : IDisposable
{
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(size);
    private int start;
    private int end;

    /// <summary>Whether bytes of a frame are there that is not complete.</summary>
    public bool HasPart => end > start;

    /// <summary>Room for the next receive; never empty while frames are taken when complete.</summary>
    public Memory<byte> Free()
    {
        if (start == end) start = end = 0;
        else if (start > 0 && end > bytes.Length / 2)
        {
            bytes.AsSpan(start, end - start).CopyTo(bytes);
            end -= start;
            start = 0;
        }

        return bytes.AsMemory(end);
    }

    /// <summary>Says how much of <see cref="Free"/> was filled.</summary>
    public void Add(int count) => end += count;

    /// <summary>Forgets what has arrived.</summary>
    public void Clear() => start = end = 0;

    /// <summary>Takes the next frame if it is complete. It is valid until the next <see cref="Free"/>.</summary>
    /// <exception cref="OpcUaException">What arrives is no frame, or one larger than
    /// <paramref name="largest"/>.</exception>
    public bool TryTake(int largest, out Frame frame)
    {
        frame = default;
        if (end - start < Frame.HeaderBytes) return false;
        var next = Frame.Read(bytes, start, Math.Min(largest, bytes.Length));
        if (end - start < next.Length) return false;
        start += next.Length;
        frame = next;
        return true;
    }

    /// <summary>Makes room for frames of another size, once the limits are agreed.</summary>
    public void Resize(int newSize)
    {
        if (bytes.Length >= newSize) return;
        var old = bytes;
        bytes = ArrayPool<byte>.Shared.Rent(newSize);
        old.AsSpan(start, end - start).CopyTo(bytes);
        (start, end) = (0, end - start);
        ArrayPool<byte>.Shared.Return(old);
    }

    public void Dispose()
    {
        if (bytes.Length == 0) return;
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
        start = end = 0;
    }
}
