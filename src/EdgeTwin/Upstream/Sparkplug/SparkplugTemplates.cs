using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>
/// The asset and its parts as instances of templates (§6.4.15): each device has one metric, the tags are its members.
/// Parts of one type whose members have the same names and types share a definition; so do those that say no type. A
/// member is named as its tag, without the part's name before it. Owned by the metrics of one uplink; a data message
/// allocates nothing.
/// </summary>
/// <remarks>
/// Members are known by name, as an alias stands for a metric only. Metrics and members say their data type in data
/// too, which §6.4.7 would leave out: decoders that find a type by alias find the instance's, never a member's.
/// </remarks>
internal sealed class SparkplugTemplates
{
    private const ulong FirstAlias = 1;
    private readonly TagTable tags;
    private readonly SparkplugDevices devices;
    private readonly string?[] definitionOf;
    private readonly string[] memberNameOf;
    private readonly Dictionary<(int Device, string Member), TagDefinition> members = [];
    private readonly List<(string Name, TagDefinition[] Members)> definitions = [];
    private readonly long[] lastInstanceOf;
    private long instance;
    private (bool IsHistory, ulong Time) open;

    /// <param name="tags">All tags, retired ones included.</param>
    /// <param name="devices">Their devices, each with at most one instance.</param>
    /// <param name="typeOf">The configured type of a part, or of the asset where it gets null.</param>
    public SparkplugTemplates(TagTable tags, SparkplugDevices devices, Func<string?, string?> typeOf)
    {
        (this.tags, this.devices) = (tags, devices);
        lastInstanceOf = new long[tags.Count];
        definitionOf = new string?[devices.Ids.Count];
        memberNameOf = [.. tags.All.Select(tag => MemberName(tag.Name, tag.Component))];
        var known = new Dictionary<(string? Type, string Shape), string>();
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
        {
            SparkplugEdgeNode.BirthDeathName,
            SparkplugEdgeNode.RebirthName,
        };
        for (var device = 0; device < devices.Ids.Count; device++)
        {
            TagDefinition[] all = [.. tags.All.Where(tag => devices.Of(tag.Id) == device)];
            if (all.Length == 0) continue; // an asset whose tags are all of its parts
            if (all.DistinctBy(NameOf).Count() < all.Length)
                foreach (var tag in all) memberNameOf[tag.Id.Index] = tag.Name; // speed and drive-1.speed of one part
            foreach (var tag in all) members.Add((device, NameOf(tag)), tag);
            var type = typeOf(devices.ComponentOf(device)) is { Length: > 0 } said ? said : null;
            var shape = string.Join(' ', all.Select(tag => $"{NameOf(tag)}:{tag.Type}").Order(StringComparer.Ordinal));
            if (!known.TryGetValue((type, shape), out var name))
            {
                name = known[(type, shape)] = FreeName(type, devices.Ids[device], taken);
                definitions.Add((name, all));
            }
            definitionOf[device] = name;
        }
    }

    /// <summary>The alias of a device's instance: unique over the node, and as long as the gateway runs.</summary>
    public static ulong AliasOf(int device) => FirstAlias + (ulong)device;

    /// <summary>Whether a metric of a command is the device's instance; its name, its alias or both say so.</summary>
    public bool IsInstance(int device, in SparkplugMetric metric) => definitionOf[device] is { } definition
        && (metric.Alias is not null || metric.Name is not null)
        && (metric.Alias is null || metric.Alias == AliasOf(device))
        && (metric.Name is null || metric.Name == devices.Ids[device])
        && (metric.Value.Template is not { TemplateRef: { } reference } || reference == definition);

    /// <summary>The tag that a member of a device's instance is; null when there is none.</summary>
    public TagDefinition? TagOf(int device, string member) => members.GetValueOrDefault((device, member));

    /// <summary>Writes all definitions; NBIRTH has them and no other message
    /// (tck-id-payloads-template-definition-nbirth-only).</summary>
    public void WriteDefinitions(SparkplugWriter birth, ulong now)
    {
        foreach (var (name, all) in definitions)
        {
            birth.Metric(new SparkplugMetric
            {
                Name = name,
                Timestamp = now,
                DataType = SparkplugDataType.Template,
                Value = SparkplugValue.From(new SparkplugTemplate
                {
                    IsDefinition = true,
                    Metrics =
                    [
                        .. all.Select(tag => new SparkplugMetric
                        {
                            Name = NameOf(tag),
                            Timestamp = now,
                            DataType = SparkplugTypes.Of(tag.Type),
                            IsNull = true,
                        }),
                    ],
                }),
            });
        }
    }

    /// <summary>Writes a device's instance with all its members, as a birth has it.</summary>
    /// <param name="device">Rank of the device.</param>
    /// <param name="all">Its tags as metrics.</param>
    /// <param name="birth">Where to.</param>
    /// <param name="now">Time of the instance, when no member has one.</param>
    public void WriteBirth(
        int device, IReadOnlyList<(TagDefinition Tag, SparkplugMetric Metric)> all, SparkplugWriter birth, ulong now)
    {
        if (definitionOf[device] is not { } definition) return;
        var newest = all.Max(member => member.Metric.Timestamp) is { } time and > 0 ? time : now;
        birth.BeginInstance(Head(device, newest) with { Name = devices.Ids[device] }, definition);
        foreach (var (tag, metric) in all) birth.Member(metric with { Alias = null, Name = NameOf(tag) });
        birth.EndInstance();
    }

    /// <summary>Ends the instance that is open, unless a sample belongs to it: an instance of data has what was read
    /// together, which is of one time and each member once.</summary>
    public void Part(in Sample sample, bool isHistory, ulong time, SparkplugWriter data)
    {
        if (data.IsInstanceOpen && (open != (isHistory, time) || lastInstanceOf[sample.Tag.Index] == instance))
            data.EndInstance();
    }

    /// <summary>Writes a sample as a member of the instance that is open, or of a new one.</summary>
    public void Write(in Sample sample, in SparkplugMetric metric, bool isHistory, SparkplugWriter data)
    {
        var tag = tags[sample.Tag];
        if (!data.IsInstanceOpen)
        {
            var device = devices.Of(tag.Id);
            var time = metric.Timestamp ?? 0;
            data.BeginInstance(Head(device, time) with { IsHistorical = isHistory }, definitionOf[device]!);
            open = (isHistory, time);
            instance++;
        }
        lastInstanceOf[tag.Id.Index] = instance;
        data.Member(metric with { Alias = null, Name = NameOf(tag), DataType = SparkplugTypes.Of(tag.Type) });
    }

    private string NameOf(TagDefinition tag) => memberNameOf[tag.Id.Index];

    // A tag's name is unique within the asset, so parts of one kind have theirs in it: drive-1.speed is speed there.
    private static string MemberName(string tag, string? part) =>
        part is not null && tag.Length > part.Length + 1 && tag.StartsWith(part, StringComparison.Ordinal)
            && tag[part.Length] is '.' or '-' or '_' ? tag[(part.Length + 1)..] : tag;

    private static SparkplugMetric Head(int device, ulong time) => new()
    {
        Alias = AliasOf(device),
        Timestamp = time,
        DataType = SparkplugDataType.Template,
    };

    // Hosts keep definitions by name, so one name never stands for two of them.
    private static string FreeName(string? type, string device, HashSet<string> taken)
    {
        var name = type ?? device;
        if (taken.Add(name)) return name;
        name = $"{name}.{device}";
        while (!taken.Add(name)) name += "_";
        return name;
    }
}
