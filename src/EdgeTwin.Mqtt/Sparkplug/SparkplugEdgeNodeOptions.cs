namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>Who an edge node is.</summary>
public sealed record SparkplugEdgeNodeOptions
{
    /// <summary>Group, the second level of its topics. With the node's id it is unique at the broker.</summary>
    public required string GroupId { get; init; }

    /// <summary>Edge node, the fourth level of its topics.</summary>
    public required string NodeId { get; init; }

    /// <summary>Its devices; none when all metrics are the node's own.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>Host application without which nothing is sent; absent to send always.</summary>
    public string? PrimaryHostId { get; init; }

    /// <summary>What is wrong with an id; null when it is good (tck-id-intro-group-id-chars and its like).</summary>
    public static string? ProblemOfId(string id) => id switch
    {
        "" => "an id is empty",
        _ when id.IndexOfAny(['+', '#', '/', '\0']) is >= 0 and var at =>
            $"'{id}' contains '{(id[at] == '\0' ? "U+0000" : id[at])}', which a level of a topic must not",
        _ when id.Any(char.IsControl) => $"'{id}' contains a control character",
        _ => null,
    };

    /// <summary>What is wrong; null when nothing is.</summary>
    public static string? Problem(SparkplugEdgeNodeOptions options)
    {
        string?[] ids = [options.GroupId, options.NodeId, options.PrimaryHostId, .. options.Devices];
        var problem = ids.Select(id => id is null ? null : ProblemOfId(id)).FirstOrDefault(found => found is not null);
        if (problem is not null) return problem;
        if (options.GroupId == "STATE") return "the group cannot be 'STATE', which stands for the host applications";
        var twice = options.Devices.GroupBy(device => device, StringComparer.Ordinal).FirstOrDefault(all => all.Skip(1)
            .Any());
        return twice is null ? null : $"device '{twice.Key}' is there twice";
    }
}
