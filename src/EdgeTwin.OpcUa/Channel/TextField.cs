using System.Buffers.Binary;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>Strings of the frames that are no service messages: Int32 length | UTF-8, -1 is null.</summary>
internal static class TextField
{
    public static int Bytes(string? text) => 4 + (text is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(text));

    public static void Write(Span<byte> field, string? text)
    {
        var length = text is null ? -1 : System.Text.Encoding.UTF8.GetBytes(text, field[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(field, length);
    }

    /// <exception cref="OpcUaException">The string does not fit its frame, or is longer than
    /// <paramref name="most"/> (then with the code <paramref name="tooLong"/>).</exception>
    public static string? Read(ReadOnlySpan<byte> frame, int at, int most, StatusCode tooLong, out int next)
    {
        if (frame.Length < at + 4)
            throw new OpcUaException(StatusCodes.BadDecodingError, $"a frame of {frame.Length} bytes ends too early");
        var length = BinaryPrimitives.ReadInt32LittleEndian(frame[at..]);
        next = at + 4 + Math.Max(length, 0);
        if (length < 0) return null;
        if (length > most) throw new OpcUaException(tooLong, $"a string of {length} bytes, {most} are allowed");
        if (length > frame.Length - at - 4)
            throw new OpcUaException(StatusCodes.BadDecodingError, "a string is longer than its frame");
        return System.Text.Encoding.UTF8.GetString(frame.Slice(at + 4, length));
    }

    /// <summary>Reads a string that nobody depends on; null when it does not fit.</summary>
    public static string? ReadOrNull(ReadOnlySpan<byte> body, int at, int most)
    {
        if (body.Length < at + 4) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(body[at..]);
        return length < 0 || length > most || length > body.Length - at - 4
            ? null
            : System.Text.Encoding.UTF8.GetString(body.Slice(at + 4, length));
    }
}
