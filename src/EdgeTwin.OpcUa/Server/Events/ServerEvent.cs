using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>An event as it was raised (OPC 10000-5 §6.4.2): the fields of BaseEventType, and more by their browse paths.
/// Immutable once it is raised.</summary>
public sealed class ServerEvent
{
    private readonly List<(string Path, Variant Value)> _fields = [];

    /// <summary>16 bytes that no other event has.</summary>
    public byte[] EventId { get; init; } = RandomNumberGenerator.GetBytes(16);

    /// <summary>The event's type; default BaseEventType.</summary>
    public NodeId EventType { get; init; } = NodeIds.BaseEventType;

    /// <summary>The node that it comes from: decides which notifiers see it. Default is the Server object.</summary>
    public NodeId SourceNode { get; init; } = NodeIds.Server;

    /// <summary>The source in words; default <c>Server</c>.</summary>
    public string SourceName { get; init; } = "Server";

    /// <summary>When it happened, UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>When the server got it, UTC; default is <see cref="Time"/>.</summary>
    public DateTime ReceiveTime { get; init; }

    /// <summary>What happened, for people.</summary>
    public LocalizedText Message { get; init; }

    /// <summary>1 (lowest) to 1000; default 1.</summary>
    public ushort Severity { get; init; } = 1;

    /// <summary>The node whose NodeId attribute a select clause with an empty path asks for: a condition's; null for others.</summary>
    public NodeId ConditionId { get; init; }

    /// <summary>Sets a field that BaseEventType does not have.</summary>
    /// <returns>This event.</returns>
    /// <param name="value">The field's value.</param>
    /// <param name="path">Browse path from the event type, as in <c>EnabledState/Id</c>.</param>
    public ServerEvent With(in Variant value, params QualifiedName[] path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0)
        {
            throw new ArgumentException("a field has a browse path", nameof(path));
        }

        _fields.Add((PathOf(path), value));
        return this;
    }

    /// <summary>The field at a browse path as <see cref="PathOf"/> writes it; null when the event has none.</summary>
    internal Variant Field(string path)
    {
        switch (path)
        {
            case "EventId":
                return EventId;
            case "EventType":
                return EventType;
            case "SourceNode":
                return SourceNode;
            case "SourceName":
                return SourceName;
            case "Time":
                return Time;
            case "ReceiveTime":
                return ReceiveTime == default ? Time : ReceiveTime;
            case "Message":
                return Message;
            case "Severity":
                return Severity;
        }

        foreach (var field in _fields)
        {
            if (string.Equals(field.Path, path, StringComparison.Ordinal))
            {
                return field.Value;
            }
        }

        return Variant.Null;
    }

    /// <summary>A browse path as one text: names joined with '/', those of other namespaces than 0 with their index.</summary>
    internal static string PathOf(ReadOnlySpan<QualifiedName> path)
    {
        if (path.Length == 1 && path[0].NamespaceIndex == 0)
        {
            return path[0].Name ?? "";
        }

        var text = new StringBuilder();
        foreach (var name in path)
        {
            text.Append(text.Length == 0 ? "" : "/");
            if (name.NamespaceIndex != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name.NamespaceIndex}:");
            }

            text.Append(name.Name);
        }

        return text.ToString();
    }
}
