namespace EdgeTwin.Tags;

/// <summary>A closed interval in engineering units, written <c>[low, high]</c>.</summary>
internal readonly record struct ValueRange(double Low, double High)
{
    public double Span => High - Low;

    public bool Contains(double value) => value >= Low && value <= High;

    public override string ToString() => $"[{Low:R}, {High:R}]";
}
