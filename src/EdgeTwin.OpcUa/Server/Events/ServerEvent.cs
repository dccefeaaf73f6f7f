using System.Security.Cryptography;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>An event of the server (OPC 10000-5 §6.4.2, BaseEventType). Immutable once it is raised.</summary>
public sealed class ServerEvent
{
    /// <summary>16 bytes that no other event has.</summary>
    public byte[] EventId { get; init; } = RandomNumberGenerator.GetBytes(16);

    /// <summary>The event type.</summary>
    public required NodeId EventType { get; init; }

    /// <summary>The node that the event is about: decides which notifiers see it.</summary>
    public required NodeId SourceNode { get; init; }

    /// <summary>Name of that node.</summary>
    public string? SourceName { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>When the server got it, UTC; default is <see cref="Time"/>.</summary>
    public DateTime ReceiveTime { get; init; }

    /// <summary>What happened, in a sentence.</summary>
    public LocalizedText Message { get; init; }

    /// <summary>Urgency, 1-1000.</summary>
    public ushort Severity { get; init; } = 1;

    /// <summary>What the NodeId attribute of an empty browse path is: the condition; null for events without
    /// one.</summary>
    public NodeId ConditionId { get; init; }

    /// <summary>Fields of the event type beyond those of BaseEventType, by their browse path joined with '/'; a name
    /// of another namespace than 0 is written <c>index:name</c>.</summary>
    public IReadOnlyDictionary<string, Variant> Fields { get; init; } = new Dictionary<string, Variant>();

    /// <summary>The field at a browse path, written as the keys of <see cref="Fields"/> are; null when the event has
    /// none.</summary>
    internal Variant Field(string path) => path switch
    {
        "EventId" => EventId,
        "EventType" => EventType,
        "SourceNode" => SourceNode,
        "SourceName" => SourceName,
        "Time" => Time,
        "ReceiveTime" => ReceiveTime == default ? Time : ReceiveTime,
        "Message" => Message,
        "Severity" => Severity,
        _ => Fields.TryGetValue(path, out var value) ? value : Variant.Null,
    };

    /// <summary>A browse path as the keys of <see cref="Fields"/> are written.</summary>
    internal static string PathOf(ReadOnlySpan<QualifiedName> path)
    {
        if (path.Length == 1 && path[0].NamespaceIndex == 0)
        {
            return path[0].Name ?? "";
        }

        var text = new System.Text.StringBuilder();
        foreach (var name in path)
        {
            text.Append(text.Length == 0 ? "" : "/");
            if (name.NamespaceIndex != 0)
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name.NamespaceIndex}:");
            }

            text.Append(name.Name);
        }

        return text.ToString();
    }
}
