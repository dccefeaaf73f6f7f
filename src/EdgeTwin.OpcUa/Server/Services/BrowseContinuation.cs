using EdgeTwin.OpcUa.Server.Nodes;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Where a Browse goes on: the references as they were when it began, so that nothing is told twice or
/// skipped.</summary>
internal sealed class BrowseContinuation
{
    public required Reference[] Slots { get; init; }

    public required BrowseFilter Filter { get; init; }

    public required uint ResultMask { get; init; }

    public required uint MaxReferences { get; init; }

    public required int Next { get; init; }
}
