using System.ComponentModel.DataAnnotations;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream;

/// <summary>What every uplink has; each driver adds its own keys in a derived record.</summary>
internal abstract record UplinkConfig
{
    /// <summary>Which protocol carries the data: <c>mqtt</c>.</summary>
    public required string Driver { get; init; }

    /// <summary>After an outage, what goes first: live data with history behind it, or history in order.</summary>
    public DrainOrder Order { get; init; } = DrainOrder.LiveFirst;

    /// <summary>Names of the tags that go, with <c>*</c> for any characters and <c>?</c> for one; <c>!</c> before a
    /// name leaves it out. The last entry that fits decides. All tags when absent.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Classes that go; all of them when absent.</summary>
    public IReadOnlyList<TagClass> Classes { get; init; } = [];

    /// <summary>Smallest change that goes, by name or pattern: in the tag's unit, or as <c>1%</c> of its range. The
    /// first entry that fits counts; alarms are never held back.</summary>
    public IReadOnlyDictionary<string, string> Deadband { get; init; } = new Dictionary<string, string>();

    /// <summary>Least time between two samples of a tag, by name or pattern; a change of quality goes at once. The
    /// first entry that fits counts; alarms are never held back.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Interval { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>Most samples of a backlog per second, so that a fleet that comes back does not drown its broker; no
    /// limit when absent.</summary>
    [Range(1, 10_000_000)]
    public int? DrainRate { get; init; }

    /// <summary>How many samples share a message; as many as the format has at hand when absent.</summary>
    public BatchConfig? Batch { get; init; }
}
