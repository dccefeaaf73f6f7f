namespace EdgeTwin.Sources.Simulation;

/// <summary>Normally distributed noise from a seed (Box and Muller 1958).</summary>
internal sealed class SensorNoise(int seed, double sigma)
{
    private readonly Random random = new(seed);
    private double spare = double.NaN;

    /// <summary>Noise of a sensor with the given span.</summary>
    public double Next(double span)
    {
        if (span == 0 || sigma == 0) return 0;
        return span * sigma * NextNormal();
    }

    private double NextNormal()
    {
        var result = spare;
        spare = double.NaN;
        if (!double.IsNaN(result)) return result;
        var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        var angle = 2 * Math.PI * random.NextDouble();
        spare = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }
}
