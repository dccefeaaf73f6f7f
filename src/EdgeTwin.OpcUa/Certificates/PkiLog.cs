using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>What the certificate store says.</summary>
internal static partial class PkiLog
{
    [LoggerMessage(2160, LogLevel.Information, "Certificates of {Path} read: {Trusted} trusted")]
    public static partial void Loaded(ILogger logger, string path, int trusted);

    [LoggerMessage(2161, LogLevel.Warning, "A file among the certificates is passed over: {Problem}")]
    public static partial void PassedOver(ILogger logger, string problem);

    [LoggerMessage(2162, LogLevel.Error, "The certificates of {Path} cannot be read, those known before stay: {Error}")]
    public static partial void Unreadable(ILogger logger, string path, string error);

    [LoggerMessage(2163, LogLevel.Warning, "The refused certificate of {Name} cannot be kept for a look: {Error}")]
    public static partial void NotKept(ILogger logger, string name, string error);

    [LoggerMessage(2164, LogLevel.Warning, "The certificate of {Name} [{Thumbprint}] is not accepted: {Reason}")]
    public static partial void Refused(ILogger logger, string name, string thumbprint, string reason);

    [LoggerMessage(2165, LogLevel.Information,
        "A new certificate for {Uri} was made: {Path}; peers must trust it before they connect securely")]
    public static partial void Created(ILogger logger, string uri, string path);

    [LoggerMessage(2166, LogLevel.Warning, "The own certificate {Path} is passed over: {Reason}")]
    public static partial void OwnPassedOver(ILogger logger, string path, string reason);

    [LoggerMessage(2167, LogLevel.Warning,
        "The own certificate {Path} ends on {NotAfter:yyyy-MM-dd}; 'edgetwin certs renew' makes a new one")]
    public static partial void OwnEnds(ILogger logger, string path, DateTime notAfter);
}
