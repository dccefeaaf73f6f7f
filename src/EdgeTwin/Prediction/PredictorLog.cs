using Microsoft.Extensions.Logging;

namespace EdgeTwin.Prediction;

/// <summary>What a predictor logs: changes of state, not attempts. Event ids 1600-1699.</summary>
internal static partial class PredictorLog
{
    [LoggerMessage(1600, LogLevel.Information,
        "Model '{Model}' version {Version} is ready after {Milliseconds:F0} ms.")]
    public static partial void Ready(ILogger logger, string model, string version, double milliseconds);

    [LoggerMessage(1601, LogLevel.Error, "Model '{Model}' fails; its tags are bad, and it is tried again: {Reason}")]
    public static partial void Failed(ILogger logger, string model, string reason);

    [LoggerMessage(1602, LogLevel.Information, "Model '{Model}' works again after {Duration} and {Failures} failures.")]
    public static partial void Recovered(ILogger logger, string model, TimeSpan duration, long failures);

    [LoggerMessage(1603, LogLevel.Information, "Model '{Model}': outputs are {Status}{Reason}")]
    public static partial void QualityChanged(ILogger logger, string model, string status, string reason);
}
