using System.Globalization;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Which elements of an array, matrix, string or byte string are meant: <c>5</c>, <c>1:3</c>, <c>0:1,2:3</c>
/// (OPC 10000-4 §7.27).</summary>
public readonly struct NumericRange : IEquatable<NumericRange>
{
    private const int MostDimensions = 16;
    private readonly int[]? bounds; // first and last index of each dimension

    private NumericRange(int[] bounds)
    {
        this.bounds = bounds;
    }

    /// <summary>Number of dimensions; 0 when nothing was given, that is: everything.</summary>
    public int Dimensions => (bounds?.Length ?? 0) / 2;

    /// <summary>Same bounds.</summary>
    public static bool operator ==(NumericRange left, NumericRange right) => left.Equals(right);

    /// <summary>Other bounds.</summary>
    public static bool operator !=(NumericRange left, NumericRange right) => !left.Equals(right);

    /// <summary>First index of a dimension, from 0.</summary>
    public int First(int dimension) => bounds![2 * dimension];

    /// <summary>Last index of a dimension, itself included.</summary>
    public int Last(int dimension) => bounds![(2 * dimension) + 1];

    /// <summary>Reads the text of an index range; null and empty are everything.</summary>
    /// <returns>False when the text is none: BadIndexRangeInvalid.</returns>
    public static bool TryParse(string? text, out NumericRange range)
    {
        range = default;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var count = text.AsSpan().Count(',') + 1;
        if (count > MostDimensions)
        {
            return false;
        }

        var parsed = new int[2 * count];
        var next = 0;
        foreach (var part in text.AsSpan().Split(','))
        {
            if (!TryParseDimension(text.AsSpan(part), out parsed[next], out parsed[next + 1]))
            {
                return false;
            }

            next += 2;
        }

        range = new NumericRange(parsed);
        return true;
    }

    /// <summary>Same bounds.</summary>
    public bool Equals(NumericRange other) => bounds.AsSpan().SequenceEqual(other.bounds);

    public override bool Equals(object? obj) => obj is NumericRange other && Equals(other);

    public override int GetHashCode() => bounds is null ? 0 : HashCode.Combine(bounds[0], bounds[1], bounds.Length);

    public override string ToString()
    {
        var self = this;
        return string.Join(',', Enumerable.Range(0, Dimensions).Select(d => self.First(d) == self.Last(d)
            ? self.First(d).ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{self.First(d)}:{self.Last(d)}")));
    }

    // "2:2" is an error: the first index must be lower than the last (§7.27).
    private static bool TryParseDimension(ReadOnlySpan<char> text, out int first, out int last)
    {
        last = 0;
        var colon = text.IndexOf(':');
        if (colon < 0)
        {
            var single = TryParseIndex(text, out first);
            last = first;
            return single;
        }

        return TryParseIndex(text[..colon], out first) && TryParseIndex(text[(colon + 1)..], out last) && first < last;
    }

    private static bool TryParseIndex(ReadOnlySpan<char> text, out int index) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);
}
