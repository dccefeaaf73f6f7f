namespace EdgeTwin.Tags;

/// <summary>Exponents of the SI base units that plant quantities use; all 0 is dimensionless.</summary>
internal readonly record struct Dimension(
    sbyte Metre = 0, sbyte Kilogram = 0, sbyte Second = 0, sbyte Ampere = 0, sbyte Kelvin = 0, sbyte Mole = 0,
    sbyte Candela = 0)
{
    public bool IsNone => this == default;

    public static Dimension operator *(Dimension a, Dimension b) => Combine(a, b, 1);

    public static Dimension operator /(Dimension a, Dimension b) => Combine(a, b, -1);

    private static Dimension Combine(Dimension a, Dimension b, int sign) => new(
        (sbyte)(a.Metre + sign * b.Metre), (sbyte)(a.Kilogram + sign * b.Kilogram), (sbyte)(a.Second + sign * b.Second),
        (sbyte)(a.Ampere + sign * b.Ampere), (sbyte)(a.Kelvin + sign * b.Kelvin), (sbyte)(a.Mole + sign * b.Mole),
        (sbyte)(a.Candela + sign * b.Candela));
}
