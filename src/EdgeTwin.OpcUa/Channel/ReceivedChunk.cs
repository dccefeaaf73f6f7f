namespace EdgeTwin.OpcUa.Channel;

/// <summary>What came of a chunk: for <see cref="ReceivedKind.Message"/> the whole message, for
/// <see cref="ReceivedKind.Aborted"/> the body of the error. Valid until the channel receives the next chunk.</summary>
internal readonly ref struct ReceivedChunk(ReceivedKind kind, uint requestId, ReadOnlySpan<byte> body)
{
    public ReceivedKind Kind { get; } = kind;

    public uint RequestId { get; } = requestId;

    public ReadOnlySpan<byte> Body { get; } = body;
}
