using EdgeTwin.Modbus;

namespace EdgeTwin.Sources.Modbus;

/// <summary>One request and the tags that its answer carries, in the order of their addresses.</summary>
internal sealed class ReadBlock
{
    public ReadBlock(AddressSpan span, IReadOnlyList<ModbusTag> tags)
    {
        Span = span;
        Tags = [.. tags];
        Request = ModbusRequest.Read(span.Table, span.Start, span.Length);
    }

    public AddressSpan Span { get; }

    public ModbusTag[] Tags { get; }

    public ModbusRequest Request { get; }

    /// <summary>It cannot be split any further: all its tags lie at the same place.</summary>
    public bool IsOnePlace => Array.TrueForAll(Tags, tag => tag.Span == Tags[0].Span);

    /// <summary>Two halves by number of tags; tags of one place stay together.</summary>
    public (ReadBlock Left, ReadBlock Right) Split()
    {
        var middle = Tags.Length / 2;
        while (middle < Tags.Length && Tags[middle].Span == Tags[middle - 1].Span) middle++;
        if (middle == Tags.Length)
        {
            middle = Tags.Length / 2;
            while (Tags[middle].Span == Tags[middle - 1].Span) middle--;
        }

        return (Of(Tags[..middle]), Of(Tags[middle..]));
    }

    public static ReadBlock Of(IReadOnlyList<ModbusTag> tags) =>
        new(new AddressSpan(tags[0].Span.Table, tags[0].Span.Start, tags.Max(tag => tag.Span.End)), tags);
}
