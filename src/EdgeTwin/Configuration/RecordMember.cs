using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;

namespace EdgeTwin.Configuration;

/// <summary>One key of a configuration record.</summary>
internal sealed class RecordMember
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(1);

    public RecordMember(PropertyInfo property, object? @default, bool required)
    {
        Property = property;
        Key = ConfigNames.Key(property.Name);
        Default = @default;
        IsRequired = required;
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        MayBeNull = !required && @default is null;
        FewestItems = property.GetCustomAttribute<MinLengthAttribute>()?.Length ?? 0;
        Range = property.GetCustomAttribute<RangeAttribute>();
        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern)
        {
            Pattern = new Regex(
                $"^(?:{pattern.Pattern})$", RegexOptions.CultureInvariant, RegexTimeout);
            PatternText = pattern.Pattern;
            PatternRule = pattern.ErrorMessage;
        }
    }

    public PropertyInfo Property { get; }

    public string Key { get; }

    /// <summary>Type of the value, without <c>Nullable</c>.</summary>
    public Type Type { get; }

    /// <summary>The value when the key is absent.</summary>
    public object? Default { get; }

    public bool IsRequired { get; }

    /// <summary>Absence is a value of its own, so <c>null</c> may be written.</summary>
    public bool MayBeNull { get; }

    public RangeAttribute? Range { get; }

    /// <summary>Of a list.</summary>
    public int FewestItems { get; }

    public Regex? Pattern { get; }

    public string? PatternText { get; }

    /// <summary>The pattern in words, as in "must be 1 to 63 letters".</summary>
    public string? PatternRule { get; }
}
