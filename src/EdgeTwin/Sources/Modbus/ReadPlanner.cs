namespace EdgeTwin.Sources.Modbus;

/// <summary>Packs tags into few requests. Pure: the same tags, limits and refused spans give the same
/// requests.</summary>
internal static class ReadPlanner
{
    /// <summary>
    /// Requests that together read every tag exactly once. A request reads at most what the limits allow, skips over
    /// gaps that are longer than allowed, and never contains a span that the device has refused: what contains a
    /// refused span would be refused as well.
    /// </summary>
    public static List<ReadBlock> Plan(IEnumerable<ModbusTag> tags, ReadLimits limits,
        IReadOnlyCollection<AddressSpan> refused)
    {
        var blocks = new List<ReadBlock>();
        var members = new List<ModbusTag>();
        AddressSpan current = default;
        foreach (var tag in tags.OrderBy(tag => tag.Span.Table).ThenBy(tag => tag.Span.Start).ThenByDescending(tag =>
            tag.Span.End))
        {
            var joined = current with { End = Math.Max(current.End, tag.Span.End) };
            if (members.Count > 0 && CanJoin(current, joined, tag.Span, limits, refused))
            {
                current = joined;
            }
            else
            {
                if (members.Count > 0) blocks.Add(new ReadBlock(current, members));
                members.Clear();
                current = tag.Span;
            }

            members.Add(tag);
        }

        if (members.Count > 0) blocks.Add(new ReadBlock(current, members));
        return blocks;
    }

    private static bool CanJoin(
        AddressSpan current, AddressSpan joined, AddressSpan next, ReadLimits limits,
        IReadOnlyCollection<AddressSpan> refused) =>
        next.Table == current.Table
        && next.Start - current.End <= limits.Gap(next.Table)
        && joined.Length <= limits.Most(next.Table)
        && (joined == current || !refused.Any(joined.Contains));
}
