using System.IO.Compression;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>Packs messages. The topic gets a last level that says so, <c>gzip</c> or <c>br</c>, because MQTT 3.1.1 has
/// no other place for it.</summary>
internal sealed class PayloadPress : IDisposable
{
    private const int BrotliQuality = 4;
    private const int BrotliWindow = 18;
    private readonly bool isGzip;
    private readonly byte[] suffix;
    private readonly MemoryStream packed = new();
    private byte[] brotli = [];
    private byte[] topic = [];

    private PayloadPress(bool isGzip)
    {
        this.isGzip = isGzip;
        suffix = isGzip ? "/gzip"u8.ToArray() : "/br"u8.ToArray();
    }

    public static PayloadPress? For(Compression compression) => compression switch
    {
        Compression.Gzip => new PayloadPress(isGzip: true),
        Compression.Brotli => new PayloadPress(isGzip: false),
        _ => null,
    };

    /// <summary>Packs a payload; what it gives back is good until the next call.</summary>
    public void Pack(ref ReadOnlySpan<byte> name, ref ReadOnlySpan<byte> payload)
    {
        if (topic.Length < name.Length + suffix.Length) topic = new byte[name.Length + suffix.Length];
        name.CopyTo(topic);
        suffix.CopyTo(topic, name.Length);
        name = topic.AsSpan(0, name.Length + suffix.Length);
        payload = isGzip ? Gzip(payload) : Brotli(payload);
    }

    public void Dispose() => packed.Dispose();

    private ReadOnlySpan<byte> Gzip(ReadOnlySpan<byte> payload)
    {
        packed.SetLength(0);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(payload);
        return packed.GetBuffer().AsSpan(0, (int)packed.Length);
    }

    private ReadOnlySpan<byte> Brotli(ReadOnlySpan<byte> payload)
    {
        var most = BrotliEncoder.GetMaxCompressedLength(payload.Length);
        if (brotli.Length < most) brotli = new byte[most];
        return BrotliEncoder.TryCompress(payload, brotli, out var written, BrotliQuality, BrotliWindow)
            ? brotli.AsSpan(0, written)
            : throw new InvalidOperationException("the buffer for a packed message is too small");
    }
}
