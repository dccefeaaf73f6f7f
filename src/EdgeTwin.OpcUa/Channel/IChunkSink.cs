namespace EdgeTwin.OpcUa.Channel;

/// <summary>Where frames are written to. They leave in the order in which they were reserved.</summary>
internal interface IChunkSink
{
    /// <summary>Held while the frames of one message are written, so that sequence numbers and bytes keep the same
    /// order.</summary>
    Lock Gate { get; }

    /// <summary>Room for one frame of exactly so many bytes, to be filled before the gate is left.</summary>
    ArraySegment<byte> Reserve(int size);
}
