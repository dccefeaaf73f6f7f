namespace EdgeTwin.Tags.Expressions;

/// <summary>
/// What is known of the unit of a part of an expression. The rules:
/// <list type="bullet">
/// <item>A tag without a unit is unknown; whatever it touches is unknown, and unknown is never an error.</item>
/// <item>A plain number adapts: it may be added to and compared with anything.</item>
/// <item>Multiplying or dividing by a whole number from 1 to 9 keeps the unit (<c>(a + b) / 2</c>); any other plain
/// number is taken for a conversion factor, and the unit of the product is unknown (<c>flow / 60000 * pressure *
/// 1e5</c>).</item>
/// <item>Products and quotients of known units combine, by dimension and by scale.</item>
/// <item>Sums and comparisons need the same dimension and the same scale: nothing is converted behind the reader's
/// back.</item>
/// </list>
/// </summary>
/// <param name="Unit">The unit; null when plain or unknown.</param>
/// <param name="IsPlain">A bare number, or a count.</param>
internal readonly record struct ExpressionUnit(EngineeringUnit? Unit, bool IsPlain)
{
    private const double ScaleTolerance = 1e-9;

    public static readonly ExpressionUnit Unknown = new(null, false);
    public static readonly ExpressionUnit Plain = new(null, true);
    public static readonly ExpressionUnit Second = new(new EngineeringUnit("s", new Dimension(Second: 1), 1), false);

    public static ExpressionUnit Of(EngineeringUnit? unit) => new(unit, false);

    /// <summary>A conversion factor makes the unit unknown; a small whole number does not.</summary>
    public static bool IsSmallWhole(double number) => Math.Abs(number) is >= 1 and <= 9 && Math.Floor(number) == number;

    /// <summary>The unit of a sum, a difference, or either branch of a choice.</summary>
    public static ExpressionUnit Sum(ExpressionUnit left, ExpressionUnit right, bool isDifference)
    {
        if (left.IsPlain) return right;
        if (right.IsPlain) return left;
        if (left.Unit is null || right.Unit is null) return Unknown;
        if (isDifference && left.Unit.Offset != 0 && right.Unit.Offset != 0)
            return Of(new EngineeringUnit($"{left.Unit.Symbol} difference", left.Unit.Dimension, left.Unit.Factor));
        return left.Unit.Offset != 0 ? left : right.Unit.Offset != 0 ? right : left;
    }

    public static ExpressionUnit Product(ExpressionUnit left, ExpressionUnit right, bool isQuotient)
    {
        if (left.Unit is null || right.Unit is null) return Unknown;
        return isQuotient
            ? Of(new EngineeringUnit(
                left.Unit.Symbol == right.Unit.Symbol ? "1" : $"{left.Unit.Symbol}/{Grouped(right.Unit.Symbol)}",
                left.Unit.Dimension / right.Unit.Dimension, left.Unit.Factor / right.Unit.Factor))
            : Of(new EngineeringUnit(
                $"{left.Unit.Symbol}·{right.Unit.Symbol}", left.Unit.Dimension * right.Unit.Dimension,
                left.Unit.Factor * right.Unit.Factor));
    }

    public static ExpressionUnit Inverse(ExpressionUnit unit) => unit.Unit is { } known
        ? Of(new EngineeringUnit($"1/{Grouped(known.Symbol)}", default(Dimension) / known.Dimension, 1 / known.Factor))
        : unit;

    /// <summary>
    /// Why two units must not be added or compared; null when they may. A difference may be added to an absolute
    /// temperature, but absolute temperatures of different zero must not meet.
    /// </summary>
    public static string? Conflict(ExpressionUnit left, ExpressionUnit right, bool isSum)
    {
        if (left.Unit is not { } a || right.Unit is not { } b) return null;
        if (a.Dimension != b.Dimension) return $"{a.Symbol} and {b.Symbol} are different quantities";
        if (!SameScale(a.Factor, b.Factor))
            return $"{a.Symbol} and {b.Symbol} differ in scale: 1 {b.Symbol} is {b.Factor / a.Factor:G6} {a.Symbol}; "
                + $"multiply by that first";
        var sameZero = a.Offset == b.Offset || isSum && (a.Offset == 0 || b.Offset == 0);
        return sameZero ? null : $"{a.Symbol} and {b.Symbol} have different zeros; convert one first";
    }

    /// <summary>Why a result of this unit does not fit a tag of another; null when it does or nothing is
    /// known.</summary>
    public string? ConflictWith(EngineeringUnit? wanted)
    {
        if (Unit is not { } given || wanted is null) return null;
        if (given.Dimension != wanted.Dimension)
            return $"gives {given.Symbol}, which is a different quantity than the tag's unit {wanted.Symbol}";
        if (!SameScale(given.Factor, wanted.Factor))
            return $"gives {given.Symbol}, and 1 {given.Symbol} is {given.Factor / wanted.Factor:G6} "
                + $"{wanted.Symbol}: multiply by that, or change the tag's unit";
        return given.Offset == 0 || given.Offset == wanted.Offset
            ? null
            : $"gives {given.Symbol}, whose zero differs from that of the tag's unit {wanted.Symbol}";
    }

    private static bool SameScale(double a, double b) => Math.Abs(a - b) <= ScaleTolerance * Math.Abs(a);

    private static string Grouped(string symbol) => symbol.AsSpan().IndexOfAny("/·") < 0 ? symbol : $"({symbol})";
}
