using System.Buffers.Binary;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>
/// ERR (OPC 10000-6 §7.1.2.5), and the body of an aborting chunk (§6.7.3).
/// <code>
/// 0  UInt32  status      4  String  reason
/// </code>
/// </summary>
internal readonly record struct ErrorMessage(StatusCode Status, string? Reason)
{
    public const int MaxReasonBytes = 4096;

    public int Bytes => 4 + TextField.Bytes(Reason);

    /// <summary>Reads what can be read: a peer that fails may fail to say why, too.</summary>
    public static ErrorMessage Read(ReadOnlySpan<byte> body)
    {
        if (body.Length < 4) return new ErrorMessage(StatusCodes.BadCommunicationError, null);
        var status = new StatusCode(BinaryPrimitives.ReadUInt32LittleEndian(body));
        if (!status.IsBad) status = StatusCodes.BadCommunicationError;
        return new ErrorMessage(status, TextField.ReadOrNull(body, 4, MaxReasonBytes));
    }

    public void Write(Span<byte> body)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(body, Status.Value);
        TextField.Write(body[4..], Reason);
    }

    public void WriteFrame(IChunkSink sink)
    {
        var frame = sink.Reserve(Frame.HeaderBytes + Bytes).AsSpan();
        Frame.Write(frame, MessageType.Error, ChunkKind.Final);
        Write(frame[Frame.HeaderBytes..]);
    }
}
