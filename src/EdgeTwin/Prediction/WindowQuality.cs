using EdgeTwin.Tags;

namespace EdgeTwin.Prediction;

/// <summary>How far a window can be trusted, and which input is to blame.</summary>
/// <param name="Status">Status of the outputs, were inference to succeed.</param>
/// <param name="Flaw">Why it is not good.</param>
/// <param name="Input">Index of the input with the flaw; −1 without one.</param>
internal readonly record struct WindowQuality(StatusCode Status, InputFlaw Flaw, int Input)
{
    public static readonly WindowQuality Good = new(StatusCode.Good, InputFlaw.None, -1);

    public static WindowQuality Worse(WindowQuality first, WindowQuality second) =>
        second.Status.Code >> 30 > first.Status.Code >> 30 ? second : first;
}
