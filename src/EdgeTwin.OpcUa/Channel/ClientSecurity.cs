using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>How a client secures its channel. Whether the server's certificate is to be trusted has been decided
/// before.</summary>
/// <param name="Policy">Security policy.</param>
/// <param name="Mode">None with policy None; Sign or SignAndEncrypt with any other.</param>
/// <param name="Own">Own certificate; null without security.</param>
/// <param name="ServerCertificate">DER of the server's certificate, as its endpoint description has it; null without
/// security.</param>
public sealed record ClientSecurity(
    SecurityPolicy Policy, MessageSecurityMode Mode, OwnCertificate? Own, byte[]? ServerCertificate)
{
    /// <summary>Neither signed nor encrypted.</summary>
    public static ClientSecurity None { get; } = new(SecurityPolicy.None, MessageSecurityMode.None, null, null);

    internal static void Validate(ClientSecurity security)
    {
        ArgumentNullException.ThrowIfNull(security);
        var (policy, mode, own, server) = security;
        var secure = mode is MessageSecurityMode.Sign or MessageSecurityMode.SignAndEncrypt;
        if (policy.IsSecure != secure || (!secure && mode != MessageSecurityMode.None))
            throw new ArgumentException($"The mode {mode} does not go with the policy {policy}.", nameof(security));
        if (secure && (own is null || server is null))
            throw new ArgumentException($"The policy {policy} needs the certificates of both sides.", nameof(security));
        if (secure && !own!.Key.Fits(policy))
            throw new ArgumentException($"The key of the own certificate cannot be used with {policy}.",
                nameof(security));
    }
}
