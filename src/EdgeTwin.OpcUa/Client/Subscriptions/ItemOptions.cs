using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>What is monitored, and how.</summary>
public sealed record ItemOptions
{
    /// <summary>The node. By namespace URI it is found again after the server renumbers its namespaces; given by index,
    /// it is the index of the moment when the item is added.</summary>
    public required ExpandedNodeId Node { get; init; }

    /// <summary>The attribute; default the value.</summary>
    public uint AttributeId { get; init; } = AttributeIds.Value;

    /// <summary>Part of an array; null is all of it.</summary>
    public string? IndexRange { get; init; }

    /// <summary>How often the server looks; zero is as fast as it can; null, the default, is the publishing
    /// interval.</summary>
    public TimeSpan? SamplingInterval { get; init; }

    /// <summary>Values that the server keeps between two publishing cycles; default 1, the newest only.</summary>
    public uint QueueSize { get; init; } = 1;

    /// <summary>Whether a full queue drops its oldest value (default) or its newest.</summary>
    public bool DiscardOldest { get; init; } = true;

    /// <summary>Reporting (default), sampling only, or disabled.</summary>
    public MonitoringMode Mode { get; init; } = MonitoringMode.Reporting;

    /// <summary>A data-change filter (trigger, deadband) or event filter; null is none. Node ids inside are sent as
    /// they are.</summary>
    public MonitoringFilter? Filter { get; init; }

    /// <summary>Anything of the caller's, to find its own thing from an item.</summary>
    public object? Tag { get; init; }
}
