using EdgeTwin.Tags;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>One value about the gateway itself, made when somebody asks.</summary>
/// <param name="Path">Where it is shown, from the top: <c>Sources/plc/State</c>. Part of its node id.</param>
/// <param name="Type">Its data type.</param>
/// <param name="Read">The value now; quick, from any thread.</param>
/// <param name="Description">What it says, for people.</param>
internal sealed record DiagnosticItem(string Path, TagDataType Type, Func<TagValue> Read, string? Description = null);
