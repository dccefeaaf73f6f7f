using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Sessions;

/// <summary>Something was lost, and the code that told it.</summary>
/// <param name="Kind">How much.</param>
/// <param name="Status">Why.</param>
internal readonly record struct Loss(LossKind Kind, StatusCode Status)
{
    /// <summary>What the failure of any request says about the connection.</summary>
    public static LossKind KindOf(StatusCode status) => status.Code.Value switch
    {
        StatusCodes.BadSessionIdInvalid or StatusCodes.BadSessionClosed or StatusCodes.BadSessionNotActivated =>
            LossKind.Session,
        StatusCodes.BadSecureChannelClosed or StatusCodes.BadSecureChannelIdInvalid
            or StatusCodes.BadSecureChannelTokenUnknown or StatusCodes.BadConnectionClosed
            or StatusCodes.BadCommunicationError or StatusCodes.BadServerHalted or StatusCodes.BadShutdown
            or StatusCodes.BadSequenceNumberInvalid or StatusCodes.BadSecurityChecksFailed
            or StatusCodes.BadTcpInternalError or StatusCodes.BadTcpSecureChannelUnknown
            or StatusCodes.BadNotConnected => LossKind.Channel,
        StatusCodes.BadNoSubscription => LossKind.Subscription,
        _ => LossKind.None,
    };

    /// <summary>Whether the server is there and said no: another request may do better, another session would
    /// not.</summary>
    public static bool IsRefusal(StatusCode status) =>
        KindOf(status) is LossKind.None or LossKind.Subscription
        && status.Code.Value is not (StatusCodes.BadTimeout or StatusCodes.BadRequestTimeout);
}
