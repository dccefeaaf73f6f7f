using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeTwin.Sources;
using EdgeTwin.Tags;
using EdgeTwin.Upstream;

namespace EdgeTwin.Configuration;

/// <summary>
/// Writes the JSON schema (draft 7, which the editors' YAML language server knows best) from the records that the
/// loader binds, so that completion and checks in an editor cannot drift from what the gateway accepts.
/// </summary>
internal sealed class SchemaWriter
{
    private const string NamePattern = "^[A-Za-z]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly XmlDocs docs;
    private readonly Dictionary<Type, IReadOnlyDictionary<string, Type>> drivers;
    private readonly SortedDictionary<string, JsonObject> definitions = new(StringComparer.Ordinal);

    private SchemaWriter(
        XmlDocs docs, IReadOnlyDictionary<string, Type> sourceTypes, IReadOnlyDictionary<string, Type> uplinkTypes)
    {
        this.docs = docs;
        drivers = new() { [typeof(SourceConfig)] = sourceTypes, [typeof(UplinkConfig)] = uplinkTypes };
    }

    /// <summary>The schema as a text that ends with a line break.</summary>
    public static string Write(
        XmlDocs docs, IReadOnlyDictionary<string, Type> sourceTypes, IReadOnlyDictionary<string, Type> uplinkTypes)
    {
        var writer = new SchemaWriter(docs, sourceTypes, uplinkTypes);
        var root = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "EdgeTwin configuration",
        };
        foreach (var (key, value) in writer.Record(typeof(EdgeTwinConfig), driver: null))
            root[key] = value?.DeepClone();
        var defined = new JsonObject();
        foreach (var (name, definition) in writer.definitions)
            defined[name] = definition;
        root["definitions"] = defined;
        return root.ToJsonString(Indented) + "\n";
    }

    private JsonObject Record(Type type, string? driver)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var member in RecordShape.Of(type).Members)
        {
            properties[member.Key] = driver is not null && member.Key == "driver"
                ? new JsonObject { ["const"] = driver }
                : Member(member);
            if (member.IsRequired)
                required.Add(member.Key);
        }

        var record = new JsonObject { ["type"] = "object" };
        if (docs.Summary(type) is { } summary)
            record["description"] = summary;
        record["properties"] = properties;
        if (required.Count > 0)
            record["required"] = required;
        record["additionalProperties"] = false;
        return record;
    }

    private JsonObject Member(RecordMember member)
    {
        var schema = Value(member.Type);
        // Beside a reference, draft 7 ignores every other key.
        if (schema.ContainsKey("$ref"))
            schema = new JsonObject { ["allOf"] = new JsonArray(schema) };
        if (docs.Summary(member.Property) is { } summary)
            schema["description"] = summary;
        AddLimits(schema, member);
        if (member.Default is { } value && Default(value) is { } written)
            schema["default"] = written;
        return schema;
    }

    private static void AddLimits(JsonObject schema, RecordMember member)
    {
        if (member.Range is { } range && member.Type != typeof(TimeSpan))
        {
            schema["minimum"] = Convert.ToDecimal(range.Minimum, CultureInfo.InvariantCulture);
            if (Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture) < double.MaxValue)
                schema["maximum"] = Convert.ToDecimal(range.Maximum, CultureInfo.InvariantCulture);
        }

        if (member.PatternText is { } pattern)
            schema["pattern"] = $"^({pattern})$";
    }

    private static JsonNode? Default(object value) => value switch
    {
        bool flag => flag,
        double number => number,
        string text => text,
        TimeSpan or Enum or Uri => ConfigValueText.Format(value),
        System.Collections.IEnumerable => null,
        _ when RecordShape.IsRecord(value.GetType()) => null,
        _ => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
    };

    private JsonObject Value(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return Named(type.GenericTypeArguments[1]);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return new JsonObject { ["type"] = "array", ["items"] = Value(type.GenericTypeArguments[0]) };
        if (type == typeof(SecretReference))
            return new JsonObject { ["type"] = "string", ["pattern"] = "^(env|file):.+$" };
        if (type == typeof(ValueRange))
        {
            return new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "number" },
                ["minItems"] = 2,
                ["maxItems"] = 2,
            };
        }

        if (type.IsEnum)
            return Enumeration(type);
        if (RecordShape.IsRecord(type))
            return Reference(type);
        return type == typeof(bool) ? new JsonObject { ["type"] = "boolean" }
            : type == typeof(double) ? new JsonObject { ["type"] = "number" }
            : type == typeof(TimeSpan) ? new JsonObject { ["type"] = "string", ["pattern"] = DurationText.Pattern }
            : type == typeof(Uri) ? new JsonObject { ["type"] = "string", ["format"] = "uri" }
            // A serial number or a version may look like a number to YAML; it is a text to the gateway all the same.
            : type == typeof(string) ? new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") }
            : new JsonObject { ["type"] = "integer" };
    }

    private JsonObject Named(Type valueType)
    {
        var named = new JsonObject { ["type"] = new JsonArray("object", "null") };
        if (RecordShape.IsRecord(valueType))
            named["propertyNames"] = new JsonObject { ["pattern"] = NamePattern };
        named["additionalProperties"] = Value(valueType);
        return named;
    }

    private JsonObject Enumeration(Type type)
    {
        var values = ConfigNames.EnumValues(type);
        var schema = new JsonObject { ["enum"] = new JsonArray([.. values.Keys.Select(key => (JsonNode)key)]) };
        var summaries = values.Values.Select(value => docs.Summary(type.GetField(value.ToString()!)!) ?? "").ToList();
        if (summaries.Exists(summary => summary.Length > 0))
            schema["enumDescriptions"] = new JsonArray([.. summaries.Select(summary => (JsonNode)summary)]);
        return schema;
    }

    private JsonObject Reference(Type type)
    {
        var name = ConfigNames.Key(type.Name);
        if (definitions.TryAdd(name, []))
            definitions[name] = type.IsAbstract ? ByDriver(type) : Record(type, driver: null);
        return new JsonObject { ["$ref"] = $"#/definitions/{name}" };
    }

    // if/then instead of oneOf: an editor then complains about the chosen driver's keys, not about all drivers.
    private JsonObject ByDriver(Type type)
    {
        var known = drivers[type];
        var branches = new JsonArray();
        foreach (var (driver, concrete) in known)
        {
            var name = $"{ConfigNames.Key(concrete.Name)}.{driver}";
            definitions[name] = Record(concrete, driver);
            branches.Add(new JsonObject
            {
                ["if"] = new JsonObject
                {
                    ["properties"] = new JsonObject { ["driver"] = new JsonObject { ["const"] = driver } },
                    ["required"] = new JsonArray("driver"),
                },
                ["then"] = new JsonObject { ["$ref"] = $"#/definitions/{name}" },
            });
        }

        var choice = new JsonObject { ["enum"] = new JsonArray([.. known.Keys.Select(key => (JsonNode)key)]) };
        if (docs.Summary(type.GetProperty("Driver")!) is { } summary)
            choice["description"] = summary;
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = docs.Summary(type),
            ["properties"] = new JsonObject { ["driver"] = choice },
            ["required"] = new JsonArray("driver"),
            ["allOf"] = branches,
        };
    }
}
