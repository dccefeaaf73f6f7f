using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace EdgeTwin.Hosting;

/// <summary>Reads and writes the one line that each side of a control connection sends.</summary>
internal static class ControlLine
{
    /// <summary>Reads up to the first '\n', which is not part of the result. Null when the peer closed before
    /// sending.</summary>
    /// <exception cref="ControlException">The line is longer than allowed, or the peer closed in the middle of
    /// it.</exception>
    public static async ValueTask<byte[]?> ReadAsync(Socket socket, int longestBytes, CancellationToken cancellation)
    {
        var buffer = new byte[Math.Min(4096, longestBytes + 1)];
        var filled = 0;
        while (true)
        {
            if (filled == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, longestBytes + 1L));
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None, cancellation);
            if (read == 0) return filled == 0 ? null : throw new ControlException("the line ended too early");
            var end = buffer.AsSpan(filled, read).IndexOf((byte)'\n');
            if (end >= 0) return buffer[..(filled + end)];
            filled += read;
            if (filled > longestBytes) throw new ControlException($"the line is longer than {longestBytes} bytes");
        }
    }

    /// <summary>Writes a value as one line; JSON escapes control characters, so there is no other '\n' in it.</summary>
    /// <exception cref="ControlException">The line is longer than allowed.</exception>
    public static byte[] Encode<T>(T value, int longestBytes)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(value, ControlProtocol.Json);
        if (line.Length > longestBytes) throw new ControlException($"the line is longer than {longestBytes} bytes");
        Array.Resize(ref line, line.Length + 1);
        line[^1] = (byte)'\n';
        return line;
    }

    /// <summary>Sends all of it.</summary>
    public static async ValueTask SendAsync(Socket socket, byte[] line, CancellationToken cancellation)
    {
        for (var sent = 0; sent < line.Length;)
            sent += await socket.SendAsync(line.AsMemory(sent), SocketFlags.None, cancellation);
    }

    /// <summary>Reads a JSON object out of a line.</summary>
    /// <exception cref="ControlException">It is none.</exception>
    public static JsonElement Parse(byte[] line)
    {
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = ControlProtocol.Json.MaxDepth };
            using var document = JsonDocument.Parse(line, options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new ControlException($"not a line of JSON: {e.Message}", e);
        }

        throw new ControlException(
            $"not a JSON object: {Encoding.UTF8.GetString(line.AsSpan(0, Math.Min(line.Length, 80)))}");
    }
}
