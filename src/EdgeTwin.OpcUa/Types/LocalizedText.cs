namespace EdgeTwin.OpcUa.Types;

/// <summary>A text for people and its locale (OPC 10000-3 §8.5).</summary>
/// <param name="Locale">For example <c>en</c> or <c>de-DE</c>; null when not said.</param>
/// <param name="Text">The text; null is the null text.</param>
public readonly record struct LocalizedText(string? Locale, string? Text)
{
    /// <summary>A text without a locale.</summary>
    public LocalizedText(string? text)
        : this(null, text)
    {
    }

    /// <summary>The same, as that type.</summary>
    public static implicit operator LocalizedText(string? text) => new(null, text);

    public override string ToString() => Text ?? "";
}
