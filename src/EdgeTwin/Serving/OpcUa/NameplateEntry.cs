using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>One line of a nameplate.</summary>
/// <param name="Name">As OPC 10000-100 or OPC 40001-1 calls it.</param>
/// <param name="Value">Its value; of its type even when not known.</param>
/// <param name="IsKnown">Whether the configuration says it.</param>
/// <param name="IsMachinery">Whether OPC 40001-1 and not OPC 10000-100 defines it.</param>
internal readonly record struct NameplateEntry(
    string Name, Variant Value, bool IsKnown = true, bool IsMachinery = false);
