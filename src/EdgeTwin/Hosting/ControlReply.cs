using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeTwin.Hosting;

/// <summary>The gateway's answer to a control request.</summary>
internal sealed record ControlReply
{
    /// <summary>Whether the request was carried out.</summary>
    public bool Ok { get; init; }

    /// <summary>What the handler returned; absent when it returned nothing or failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Result { get; init; }

    /// <summary>What is wrong and what to do; absent when all is well.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }
}
