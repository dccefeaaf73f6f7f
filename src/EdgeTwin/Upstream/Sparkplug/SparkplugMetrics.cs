using EdgeTwin.Journal;
using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;
using EdgeTwin.Upstream.Mqtt;

namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>
/// Tags as Sparkplug metrics; <c>docs/payload.md</c> describes them. Owned by one uplink, which guards it; a message
/// allocates nothing once every status has been seen.
/// </summary>
/// <param name="tags">All tags.</param>
/// <param name="devices">Which tag belongs to which device.</param>
/// <param name="templates">Null where each tag is a metric of its own.</param>
internal sealed class SparkplugMetrics(
    TagTable tags, SparkplugDevices devices, SparkplugTemplates? templates = null) : ISparkplugMetrics
{
    /// <summary>A message that has grown beyond this takes no further sample.</summary>
    public const int MostBytes = 128 * 1024;

    /// <summary>A birth carries every metric, so it may be far larger than data.</summary>
    public const int MostBirthBytes = 64 * 1024 * 1024;

    private const int MostSamples = 1000;
    private const int LongestTextOfSmallBirth = 256;
    private const ulong FirstAlias = 1;
    private readonly SparkplugQuality quality = new();
    private readonly Utf8Payload place = new();
    private IReadOnlyList<Sample>? current;
    private Position live;
    private Position liveBefore;

    /// <summary>Births leave out long texts, because the broker would not take them: such a value is null, with
    /// BadEncodingLimitsExceeded.</summary>
    public bool LeavesOutLongTexts { get; set; }

    /// <summary>The alias of a tag: unique over the node, and as long as the gateway runs.</summary>
    public static ulong AliasOf(TagId tag) => FirstAlias + (ulong)tag.Index;

    /// <summary>The devices as instances of templates; null where each tag is a metric of its own.</summary>
    public SparkplugTemplates? Templates => templates;

    /// <summary>The tag of an alias; null when there is none.</summary>
    public TagDefinition? TagOf(ulong alias) =>
        templates is null && alias >= FirstAlias && alias - FirstAlias < (ulong)tags.Count
            ? tags.All[(int)(alias - FirstAlias)]
            : null;

    /// <summary>The state that the next birth will show. What the journal holds up to its head is history from then
    /// on.</summary>
    public void Update(LiveState? state)
    {
        current = state is null ? null : [.. state.Tags.Select(tag => tag.Sample)];
        if (state is not null && state.Head > live) live = state.Head;
    }

    // All tags are the asset's or a part's, and these are devices.
    public void WriteNodeBirth(SparkplugWriter birth, ulong now) => templates?.WriteDefinitions(birth, now);

    public void WriteDeviceBirth(int device, SparkplugWriter birth, ulong now)
    {
        var all = Born(device).ToList();
        if (templates is not null) templates.WriteBirth(device, all, birth, now);
        else
            foreach (var (_, metric) in all) birth.Metric(metric);
    }

    /// <summary>
    /// Writes samples as one message's metrics: as many as fit and are of one device, at least one, in order. Returns
    /// how many. The time of what is not history never goes back within a message
    /// (tck-id-operational-behavior-data-publish-dbirth-order).
    /// </summary>
    public int WriteData(SampleRun run, SparkplugWriter data, int mostBytes = MostBytes)
    {
        mostBytes = Math.Min(mostBytes, MostBytes);
        var count = 0;
        ulong newest = 0;
        liveBefore = live;
        var device = devices.Of(run.Samples[0].Tag);
        foreach (ref readonly var sample in run.Samples)
        {
            var position = new Position(run.Epoch, run.Sequences[count]);
            var isHistory = position <= live;
            var time = SparkplugTypes.Milliseconds(sample.SourceTime);
            if (devices.Of(sample.Tag) != device || (!isHistory && time < newest)) break;
            templates?.Part(sample, isHistory, time, data);
            var before = data.Length;
            var metric = Metric(tags[sample.Tag], sample);
            if (templates is not null) templates.Write(sample, metric, isHistory, data);
            else data.Metric(metric with { IsHistorical = isHistory });
            if (count > 0 && data.Length > mostBytes)
            {
                data.Truncate(before);
                break;
            }
            if (!isHistory) (live, newest) = (position, time);
            if (++count == MostSamples || data.Length > mostBytes) break;
        }
        if (data.IsInstanceOpen) data.EndInstance();
        WritePlace(run.Take(count), data);
        return count;
    }

    private IEnumerable<(TagDefinition Tag, SparkplugMetric Metric)> Born(int device)
    {
        foreach (var tag in tags.All)
        {
            if (devices.Of(tag.Id) != device) continue;
            var sample = tag.Origin is not TagOrigin.Retired && current is not null && tag.Id.Index < current.Count
                ? current[tag.Id.Index]
                : new Sample(tag.Id, TagValue.None, StatusCode.BadWaitingForInitialData, default, default,
                    ClockState.Synchronised);
            if (LeavesOutLongTexts && sample.Value.Text is { Length: > LongestTextOfSmallBirth })
                sample = sample with { Value = TagValue.None, Status = StatusCode.BadEncodingLimitsExceeded };
            var metric = Metric(tag, sample) with { Name = tag.Name, DataType = SparkplugTypes.Of(tag.Type) };
            yield return (tag, metric with { Properties = [.. SparkplugTypes.About(tag), .. metric.Properties ?? []] });
        }
    }

    /// <summary>The message that was written last did not go: what was new in it still is.</summary>
    public void Withdraw() => live = liveBefore;

    // The body says where in the journal the message's samples lie, so that a receiver can prove that none is missing.
    private void WritePlace(SampleRun run, SparkplugWriter data)
    {
        place.Clear();
        place.Raw((byte)'{');
        ScanFormat.Place(run, place);
        place.Raw((byte)'}');
        data.Body(place.Written);
    }

    private SparkplugMetric Metric(TagDefinition tag, in Sample sample)
    {
        var value = SparkplugTypes.Value(tag.Type, sample.Value);
        return new SparkplugMetric
        {
            Alias = AliasOf(tag.Id),
            Timestamp = SparkplugTypes.Milliseconds(sample.SourceTime),
            IsNull = value.Field == SparkplugField.None,
            Value = value,
            Properties = quality.Of(sample.Status, sample.Clock),
        };
    }
}
