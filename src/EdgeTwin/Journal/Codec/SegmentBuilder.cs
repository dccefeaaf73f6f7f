using EdgeTwin.Tags;

namespace EdgeTwin.Journal.Codec;

/// <summary>Turns samples, or smaller segments, into the body and directory of a segment.</summary>
internal static class SegmentBuilder
{
    /// <summary>From samples in the order in which they came.</summary>
    public static BuiltSegment Build(
        ReadOnlySpan<Sample> samples, JournalTags tags, Position first, Position last, Effort effort)
    {
        var instants = new Instant[samples.Length];
        for (var i = 0; i < instants.Length; i++) instants[i] = Instant.Of(samples[i]);
        var (timeline, places) = Timeline.Of(instants);
        var byTag = new SortedDictionary<long, List<TimedValue>>();
        var lists = new List<TimedValue>?[tags.Count];
        for (var i = 0; i < samples.Length; i++)
        {
            ref var list = ref lists[samples[i].Tag.Index];
            if (list == null) byTag.Add(tags.DurableOf(samples[i].Tag), list = []);
            list.Add(new TimedValue(places[i], samples[i].Status, samples[i].Value));
        }

        return Assemble(timeline, byTag.Select(pair => (pair.Key, pair.Value.ToArray())), first, last, effort);
    }

    /// <summary>From chunks by durable number of their tag; each is brought into the order of time here.</summary>
    public static BuiltSegment Assemble(
        Timeline timeline, IEnumerable<(long Tag, TimedValue[] Samples)> chunks, Position first, Position last,
        Effort effort)
    {
        var body = new ByteWriter(1 << 16);
        timeline.Write(body, effort);
        var timelineItem = new SegmentItem(0, body.Length, new ChunkSummary());
        var items = new Dictionary<long, SegmentItem>();
        long count = 0;
        foreach (var (tag, samples) in chunks)
        {
            var ordered = InOrder(samples);
            var summary = new ChunkSummary();
            foreach (ref readonly var sample in ordered.AsSpan())
                summary.Add(timeline[sample.Time].SourceTicks, sample.Status, sample.Value);
            var offset = body.Length;
            ChunkCodec.Write(body, ordered, effort);
            items.Add(tag, new SegmentItem(offset, body.Length - offset, summary));
            count += samples.Length;
        }

        var directory = new SegmentDirectory { First = first, Last = last, Timeline = timelineItem, Chunks = items };
        return new BuiltSegment(
            directory, body, count, timeline[0].SourceTicks, timeline[timeline.Count - 1].SourceTicks);
    }

    // Samples of one instant stay in the order in which they came.
    private static TimedValue[] InOrder(TimedValue[] samples)
    {
        for (var i = 1; i < samples.Length; i++)
        {
            if (samples[i].Time < samples[i - 1].Time) return [.. samples.OrderBy(sample => sample.Time)];
        }

        return samples;
    }
}
