namespace EdgeTwin.Journal;

/// <summary>Places of one epoch with the same fate.</summary>
/// <param name="First">First sequence.</param>
/// <param name="Last">Last sequence.</param>
/// <param name="State">The fate.</param>
/// <param name="Rule">Of what is given up: <c>size</c>, <c>free-space</c>, <c>damaged</c>, <c>unknown</c>; null
/// otherwise.</param>
internal sealed record LedgerRange(long First, long Last, LedgerState State, string? Rule = null)
{
    public long Places => Last - First + 1;
}
