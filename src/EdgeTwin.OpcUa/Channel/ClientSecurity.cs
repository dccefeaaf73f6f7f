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

    internal void Validate()
    {
        var secure = Mode is MessageSecurityMode.Sign or MessageSecurityMode.SignAndEncrypt;
        if (Policy.IsSecure != secure || (!secure && Mode != MessageSecurityMode.None))
            throw new ArgumentException($"The mode {Mode} does not go with the policy {Policy}.");
        if (secure && (Own is null || ServerCertificate is null))
            throw new ArgumentException($"The policy {Policy} needs the certificates of both sides.");
        if (secure && !Own!.Key.Fits(Policy))
            throw new ArgumentException($"The key of the own certificate cannot be used with {Policy}.");
    }
}
