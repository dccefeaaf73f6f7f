using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EdgeTwin.Prediction;

/// <summary>
/// The manifest of a model that was made elsewhere (PyTorch, scikit-learn): YAML beside the <c>.onnx</c> file with the
/// keys of the JSON manifest. It is turned into JSON, so there is one reader.
/// </summary>
internal static class SidecarManifest
{
    private const int MostDepth = 8;

    /// <exception cref="ModelException">The text is not YAML or not a manifest.</exception>
    public static ModelManifest Read(string yaml)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count == 0) throw new ModelException("the file is empty");
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes)) Write(json, stream.Documents[0].RootNode, 0);
            return ManifestReader.Read(Encoding.UTF8.GetString(bytes.ToArray()));
        }
        catch (YamlException exception)
        {
            throw new ModelException($"{exception.Start.Line}:{exception.Start.Column}: {exception.Message}",
                exception);
        }
    }

    private static void Write(Utf8JsonWriter json, YamlNode node, int depth)
    {
        if (depth > MostDepth) throw new ModelException($"lists and maps are nested deeper than {MostDepth}");
        switch (node)
        {
            case YamlMappingNode map:
                json.WriteStartObject();
                foreach (var (key, value) in map.Children)
                {
                    json.WritePropertyName(((key as YamlScalarNode)?.Value) ?? "");
                    Write(json, value, depth + 1);
                }

                json.WriteEndObject();
                break;
            case YamlSequenceNode list:
                json.WriteStartArray();
                foreach (var item in list.Children) Write(json, item, depth + 1);
                json.WriteEndArray();
                break;
            case YamlScalarNode { Style: ScalarStyle.Plain } plain
                when double.TryParse(plain.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    && double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case YamlScalarNode scalar:
                json.WriteStringValue(scalar.Value);
                break;
            default:
                throw new ModelException($"{node.Start.Line}:{node.Start.Column}: an alias is not supported here");
        }
    }
}
