using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Modbus;

/// <summary>
/// What is asked for in a scan, and what has been learnt about the device: spans that it refused as a whole, and
/// requests held out because nothing smaller is left to try. Belongs to the scan loop; does no I/O.
/// </summary>
internal sealed class ReadPlan
{
    private readonly ReadLimits limits;
    private readonly List<AddressSpan> refused = [];
    private readonly List<HeldOut> heldOut = [];
    private List<ReadBlock> blocks;

    public ReadPlan(IEnumerable<ModbusTag> tags, ReadLimits limits)
    {
        this.limits = limits;
        blocks = ReadPlanner.Plan(tags, limits, refused);
    }

    public IReadOnlyList<ReadBlock> Blocks => blocks;

    public IReadOnlyList<HeldOut> HeldOut => heldOut;

    /// <summary>Takes a refused request out of the scan until its time comes.</summary>
    public void HoldOut(ReadBlock block, StatusCode status, TimeSpan retryAt)
    {
        blocks.Remove(block);
        refused.Add(block.Span);
        heldOut.Add(new HeldOut(block, status) { RetryAt = retryAt });
    }

    /// <summary>Both halves can be read, the whole cannot: the culprit lies between them, or the device counts
    /// shorter.</summary>
    public void Separate(ReadBlock left, ReadBlock right) =>
        refused.Add(new AddressSpan(left.Span.Table, left.Tags[^1].Span.Start, right.Tags[0].Span.End));

    /// <summary>
    /// Puts in the place of a refused request what can be read of it: tags known to be readable, packed into as few
    /// requests as the refused spans allow, and requests that are to stay as they are.
    /// </summary>
    public void Replace(ReadBlock whole, IEnumerable<ModbusTag> readable, IEnumerable<ReadBlock> kept)
    {
        var at = blocks.IndexOf(whole);
        if (at < 0) throw new ArgumentException("the request is not in the plan", nameof(whole));
        blocks.RemoveAt(at);
        blocks.InsertRange(at, [.. ReadPlanner.Plan(readable, limits, refused), .. kept]);
    }

    /// <summary>
    /// Takes a request that was held out back into the scan. The device has changed its mind, so the others are tried
    /// at the next opportunity.
    /// </summary>
    public void Return(HeldOut entry)
    {
        heldOut.Remove(entry);
        refused.Remove(entry.Block.Span);
        foreach (var other in heldOut) other.RetryAt = TimeSpan.Zero;
        blocks = ReadPlanner.Plan(blocks.SelectMany(block => block.Tags).Concat(entry.Block.Tags), limits, refused);
    }
}
