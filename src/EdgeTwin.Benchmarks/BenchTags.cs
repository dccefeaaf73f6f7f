using EdgeTwin.Tags;

namespace EdgeTwin.Benchmarks;

/// <summary>The tags of a machine that a benchmark simulates.</summary>
internal static class BenchTags
{
    /// <summary>Tags of one type, named by their index.</summary>
    /// <param name="count">How many.</param>
    /// <param name="type">Data type of all.</param>
    /// <param name="prefix">What is before the index in a name.</param>
    /// <param name="classOf">Class by index; all are process values when absent.</param>
    public static TagTable Of(int count, TagDataType type = TagDataType.Float64, string prefix = "tag",
        Func<int, TagClass>? classOf = null)
    {
        var tags = new TagTable();
        for (var i = 0; i < count; i++)
        {
            tags.Add(id => new TagDefinition
            {
                Id = id,
                Name = $"{prefix}{id.Index}",
                Type = type,
                Class = classOf?.Invoke(id.Index) ?? TagClass.Process,
                Origin = new TagOrigin.Source("file", "x"),
            });
        }

        return tags;
    }

    /// <summary>A thousand scans in which every tag walks in steps of 0.01 to 0.2.</summary>
    /// <param name="count">Tags, with the ids of <see cref="Of"/>.</param>
    /// <param name="start">Time of the first scan.</param>
    /// <param name="interval">From one scan to the next.</param>
    public static Sample[][] Walk(int count, DateTime start, TimeSpan interval)
    {
        var random = new Random(1);
        var walk = new double[count];
        var scans = new Sample[1000][];
        for (var scan = 0; scan < scans.Length; scan++)
        {
            var time = start + scan * interval;
            scans[scan] = new Sample[count];
            for (var tag = 0; tag < count; tag++)
            {
                walk[tag] += random.Next(-20, 21);
                scans[scan][tag] = new Sample(new TagId(tag), TagValue.From(walk[tag] / 100), StatusCode.Good, time,
                    time, ClockState.Synchronised);
            }
        }

        return scans;
    }
}
