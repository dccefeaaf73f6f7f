using System.Globalization;

namespace EdgeTwin.Tags;

/// <summary>Compares values with what others wrote of them.</summary>
internal static class ValueText
{
    /// <summary>Whether a text stands for a value, however its digits are written: <c>1.5</c>, <c>1.50</c>,
    /// <c>15e-1</c>; <c>null</c> or nothing for no value.</summary>
    public static bool IsSame(in TagValue value, string text)
    {
        if (value.IsNone) return text is "" or "null";
        if (value.Type == TagDataType.String) return value.Text == text;
        if (value.ToString() == text) return true;
        if (value.Type == TagDataType.Bool) return text == (value.Bits != 0 ? "1" : "0");
        if (value.Type is TagDataType.Float32 or TagDataType.Float64)
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return false;
            return value.Type == TagDataType.Float32
                ? ((float)number).Equals((float)value.AsDouble())
                : number.Equals(value.AsDouble());
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var whole)
            && whole == (value.Type == TagDataType.UInt64 ? unchecked((ulong)value.Bits) : value.Bits);
    }
}
