namespace EdgeTwin.Tags;

/// <summary>One row of <see cref="UnitTable"/>: a unit with a name of its own.</summary>
/// <param name="Symbol">As UN/ECE recommendation 20 prints it.</param>
/// <param name="Dimension">Exponents of the SI base units.</param>
/// <param name="Factor">To the SI unit of the same dimension.</param>
/// <param name="Offset">To the SI unit.</param>
/// <param name="Prefixes">SI prefixes that may stand before it, as in <c>kW</c>; empty for none.</param>
internal sealed record UnitEntry(
    string Symbol, Dimension Dimension, double Factor, double Offset = 0, string Prefixes = "");
