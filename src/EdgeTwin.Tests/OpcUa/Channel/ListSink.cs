using EdgeTwin.OpcUa.Channel;

namespace EdgeTwin.Tests.OpcUa.Channel;

/// <summary>Keeps the frames that a channel writes.</summary>
internal sealed class ListSink : IChunkSink
{
    public Lock Gate { get; } = new();

    public List<byte[]> Frames { get; } = [];

    public ArraySegment<byte> Reserve(int size)
    {
        var frame = new byte[size];
        Frames.Add(frame);
        return frame;
    }

    /// <summary>The oldest frame, as a receiver has it.</summary>
    public Frame Take()
    {
        var bytes = Frames[0];
        Frames.RemoveAt(0);
        return AsFrame(bytes);
    }

    public static Frame AsFrame(byte[] bytes) => Frame.Read(bytes, 0, int.MaxValue);
}
