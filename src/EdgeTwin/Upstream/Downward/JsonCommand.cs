using System.Globalization;
using System.Text.Json;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Downward;

/// <summary>A command as JSON: <c>{"id":"a1","tag":"speed","value":42,"sent":"2026-11-22T13:01:35Z"}</c>, and
/// <c>expires</c> where it is void from some time on. <c>docs/payload.md</c> describes it.</summary>
internal sealed record JsonCommand
{
    private const int MostBytes = 64 * 1024;
    private const int LongestId = 128;
    private const int LongestTag = 512;

    /// <summary>Unique; a repetition is recognised by it.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Name of the tag.</summary>
    public string Tag { get; private set; } = "";

    public JsonElement Value { get; private set; }

    public DateTime Sent { get; private set; }

    public DateTime? Expires { get; private set; }

    /// <summary>Reads a command as far as it goes. Returns what is wrong with it; null when nothing is.</summary>
    public static string? Read(ReadOnlyMemory<byte> payload, out JsonCommand command)
    {
        command = new JsonCommand();
        if (payload.Length > MostBytes) return $"it has {payload.Length} bytes; {MostBytes} are the most";
        try
        {
            using var document = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 4 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) return "it is no JSON object";
            foreach (var member in document.RootElement.EnumerateObject())
                if (command.Take(member) is { } problem) return problem;
        }
        catch (JsonException error)
        {
            return $"it is no JSON: {error.Message}";
        }

        return command switch
        {
            { Id: "" } => "'id' is missing",
            { Tag: "" } => "'tag' is missing",
            { Value.ValueKind: JsonValueKind.Undefined } => "'value' is missing",
            { Sent: var sent } when sent == default => "'sent' is missing",
            _ => null,
        };
    }

    /// <summary>The value as the tag has it; false when it does not fit.</summary>
    public bool TryGetValue(TagDataType type, out TagValue value)
    {
        TagValue? read = (type, Value.ValueKind) switch
        {
            (TagDataType.Bool, JsonValueKind.True) => TagValue.From(true),
            (TagDataType.Bool, JsonValueKind.False) => TagValue.From(false),
            (TagDataType.String, JsonValueKind.String) => TagValue.From(Value.GetString()!),
            (_, JsonValueKind.Number) => Number(type),
            _ => null,
        };
        value = read ?? default;
        return read is not null;
    }

    private TagValue? Number(TagDataType type) => type switch
    {
        TagDataType.Int8 when Value.TryGetSByte(out var number) => TagValue.From(number),
        TagDataType.UInt8 when Value.TryGetByte(out var number) => TagValue.From(number),
        TagDataType.Int16 when Value.TryGetInt16(out var number) => TagValue.From(number),
        TagDataType.UInt16 when Value.TryGetUInt16(out var number) => TagValue.From(number),
        TagDataType.Int32 when Value.TryGetInt32(out var number) => TagValue.From(number),
        TagDataType.UInt32 when Value.TryGetUInt32(out var number) => TagValue.From(number),
        TagDataType.Int64 when Value.TryGetInt64(out var number) => TagValue.From(number),
        TagDataType.UInt64 when Value.TryGetUInt64(out var number) => TagValue.From(number),
        TagDataType.Float32 when Value.TryGetSingle(out var number) && float.IsFinite(number) => TagValue.From(number),
        TagDataType.Float64 when Value.TryGetDouble(out var number) && double.IsFinite(number) => TagValue.From(number),
        _ => null,
    };

    // A member that nobody knows may be a slip in one that matters, such as 'expire'.
    private string? Take(JsonProperty member)
    {
        switch (member.Name)
        {
            case "id" when Text(member.Value, LongestId) is { } id:
                Id = id;
                return null;
            case "tag" when Text(member.Value, LongestTag) is { } tag:
                Tag = tag;
                return null;
            case "value":
                Value = member.Value.Clone();
                return null;
            case "sent" when Time(member.Value) is { } sent:
                Sent = sent;
                return null;
            case "expires" when Time(member.Value) is { } expires:
                Expires = expires;
                return null;
            case "id": return $"'id' is no text of 1 to {LongestId} characters";
            case "tag": return $"'tag' is no text of 1 to {LongestTag} characters";
            case "sent" or "expires":
                return $"'{member.Name}' is no time such as 2026-11-22T13:01:35Z";
            default: return "it has a member other than id, tag, value, sent and expires";
        }
    }

    private static string? Text(JsonElement value, int most) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && text.Length <= most
            ? text
            : null;

    private static DateTime? Time(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(value.GetString(),
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime : null;
}
