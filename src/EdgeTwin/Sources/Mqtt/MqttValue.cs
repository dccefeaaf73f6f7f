using System.Globalization;
using System.Text.Json;
using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>Values as they come, as values of a type: integers exact, other numbers where they fit. What does not is
/// <see cref="TagValue.None"/>.</summary>
internal static class MqttValue
{
    private const int LongestText = 65_536;

    /// <summary>A number, <c>true</c>/<c>false</c>, <c>on</c>/<c>off</c>, or any text for a string.</summary>
    public static TagValue Read(string text, TagDataType type)
    {
        if (type == TagDataType.String) return Text(text);
        var word = text.AsSpan().Trim();
        if (Flag(word) is { } flag) return FromDouble(flag ? 1 : 0, type);
        if (Int128.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            && WholeNumber.IsWhole(type))
            return WholeNumber.TryFit(whole, type, out var value) ? value : TagValue.None;
        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? FromDouble(number, type) : TagValue.None;
    }

    public static TagValue Read(JsonElement json, TagDataType type) => json.ValueKind switch
    {
        JsonValueKind.String => Read(json.GetString()!, type),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => Read(json.GetRawText(), type),
        _ => TagValue.None,
    };

    /// <param name="value">As it lies on the wire.</param>
    /// <param name="said">Its type, as the birth said.</param>
    /// <param name="type">The tag's.</param>
    public static TagValue Read(in SparkplugValue value, SparkplugDataType said, TagDataType type)
    {
        if (value.TryGetInteger(said, out var bits))
        {
            Int128 whole = said == SparkplugDataType.UInt64 ? unchecked((ulong)bits) : bits;
            if (WholeNumber.IsWhole(type)) return WholeNumber.TryFit(whole, type, out var fit) ? fit : TagValue.None;
            return type == TagDataType.String
                ? Text(whole.ToString(CultureInfo.InvariantCulture)) : FromDouble((double)whole, type);
        }

        return (said, value.Field) switch
        {
            (SparkplugDataType.Boolean, SparkplugField.Boolean) => Of(TagValue.From(value.Bits != 0), type),
            (SparkplugDataType.Float, SparkplugField.Float) =>
                Of(TagValue.FromBits(TagDataType.Float32, (long)value.Bits), type),
            (SparkplugDataType.Double, SparkplugField.Double) =>
                Of(TagValue.FromBits(TagDataType.Float64, unchecked((long)value.Bits)), type),
            (SparkplugDataType.String or SparkplugDataType.Text or SparkplugDataType.Uuid, SparkplugField.String) =>
                type == TagDataType.String ? Text(value.Text ?? "") : TagValue.None,
            _ => TagValue.None,
        };
    }

    // A NaN stays the one it is.
    private static TagValue Of(in TagValue value, TagDataType type) => value.Type == type ? value
        : type == TagDataType.String ? Text(value.ToString())
        : FromDouble(value.AsDouble(), type);

    private static TagValue FromDouble(double number, TagDataType type) =>
        TagValue.TryFromDouble(type, number, out var value) ? value : TagValue.None;

    private static TagValue Text(string text) =>
        TagValue.From(text.Length <= LongestText ? text : text[..LongestText]);

    private static bool? Flag(ReadOnlySpan<char> word) =>
        word.Equals("true", StringComparison.OrdinalIgnoreCase) || word.Equals("on", StringComparison.OrdinalIgnoreCase)
            ? true
        : word.Equals("false", StringComparison.OrdinalIgnoreCase)
            || word.Equals("off", StringComparison.OrdinalIgnoreCase) ? false
        : null;
}
