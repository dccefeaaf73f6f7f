using Microsoft.Extensions.Logging;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>What the MQTT driver says, ids 1280-1289.</summary>
internal static partial class MqttSourceLog
{
    [LoggerMessage(1280, LogLevel.Warning,
        "Source {Source}: a message on '{Topic}' cannot be read: {Error}. It is passed over; not said again until the "
            + "next connection")]
    public static partial void BadMessage(ILogger logger, string source, string topic, string error);

    [LoggerMessage(1281, LogLevel.Warning, "Source {Source}: {Error}; the tags that need it are BadUserAccessDenied")]
    public static partial void Refused(ILogger logger, string source, string error);

    [LoggerMessage(1282, LogLevel.Information, "Source {Source}: {Child} is {Status}")]
    public static partial void ChildStatus(ILogger logger, string source, string child, string status);

    [LoggerMessage(1283, LogLevel.Information, "Source {Source}: asks for a birth on {Topic}")]
    public static partial void AsksForBirth(ILogger logger, string source, string topic);
}
