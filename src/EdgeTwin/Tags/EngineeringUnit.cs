namespace EdgeTwin.Tags;

/// <summary>
/// A unit of measurement as the plant writes it. SI value = value × <paramref name="Factor"/> + <paramref
/// name="Offset"/>.
/// </summary>
/// <param name="Symbol">As configured, for example <c>L/min</c>, <c>°C</c>, <c>bar</c>, <c>g</c>.</param>
/// <param name="Dimension">Exponents of the SI base units.</param>
/// <param name="Factor">To the SI unit of the same dimension.</param>
/// <param name="Offset">To the SI unit; not 0 only for °C and °F.</param>
/// <param name="UneceCode">Common code of UN/ECE recommendation 20, by which OPC UA clients know a unit (OPC 10000-8
/// §5.6.4.3); null where there is none.</param>
internal sealed record EngineeringUnit(
    string Symbol, Dimension Dimension, double Factor, double Offset = 0, string? UneceCode = null);
