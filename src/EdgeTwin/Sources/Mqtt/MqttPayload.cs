using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>Payloads of a hostile world: unpacked and parsed within limits.</summary>
internal static class MqttPayload
{
    /// <summary>Most bytes that a packed message may become.</summary>
    public const int MostUnpacked = 16 * 1024 * 1024;

    private const int MostDepth = 32;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Unpacks what the last level of the topic says is packed, and takes that level off.</summary>
    /// <exception cref="InvalidDataException">It is not what the topic says, or too large.</exception>
    public static ReadOnlyMemory<byte> Unpack(ref ReadOnlySpan<char> topic, ReadOnlyMemory<byte> payload)
    {
        var level = topic[(topic.LastIndexOf('/') + 1)..];
        if (!(level is "gzip" or "br")) return payload;
        topic = topic[..^level.Length].TrimEnd('/');
        var packed = new MemoryStream(payload.ToArray(), writable: false);
        using Stream from = level is "br"
            ? new BrotliStream(packed, CompressionMode.Decompress)
            : new GZipStream(packed, CompressionMode.Decompress);
        return ReadAll(from);
    }

    /// <exception cref="InvalidDataException">It is no JSON.</exception>
    public static JsonDocument Json(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = MostDepth });
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"it is no JSON: {wrong.Message}", wrong);
        }
    }

    /// <exception cref="InvalidDataException">It is no UTF-8.</exception>
    public static string Text(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return Utf8.GetString(payload.Span);
        }
        catch (DecoderFallbackException wrong)
        {
            throw new InvalidDataException("it is no UTF-8 text", wrong);
        }
    }

    private static ReadOnlyMemory<byte> ReadAll(Stream from)
    {
        var into = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (from.Read(buffer) is var count and > 0)
            {
                if (into.Length + count > MostUnpacked)
                    throw new InvalidDataException($"unpacked it has more than {MostUnpacked} bytes");
                into.Write(buffer, 0, count);
            }
        }
        catch (InvalidOperationException broken) // what a broken brotli stream gives
        {
            throw new InvalidDataException("it cannot be unpacked", broken);
        }

        return into.GetBuffer().AsMemory(0, (int)into.Length);
    }
}
