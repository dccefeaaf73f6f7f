using EdgeTwin.Tags;

namespace EdgeTwin.Prediction;

/// <summary>One window on its way to the worker. Two of them go back and forth; neither is allocated again.</summary>
internal sealed class WindowSnapshot(int width)
{
    /// <summary>Window x tags, oldest row first; of meaning only when the quality is not bad.</summary>
    public double[] Values { get; } = new double[width];

    public WindowQuality Quality { get; private set; }

    public DateTime SourceTime { get; private set; }

    public ClockState Clock { get; private set; }

    public void Take(FeatureWindow window, DateTime now)
    {
        Quality = window.Quality();
        SourceTime = window.SourceTime == default ? now : window.SourceTime;
        Clock = window.Clock;
        if (window.IsFull) window.CopyTo(Values);
    }
}
