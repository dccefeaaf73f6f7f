using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server;

/// <summary>One choice of security that a server offers.</summary>
/// <param name="PolicyName">Short name of the policy: None, Basic256Sha256, Aes128_Sha256_RsaOaep,
/// Aes256_Sha256_RsaPss, ECC_nistP256, ECC_nistP384.</param>
/// <param name="Mode">None only with the policy None.</param>
public sealed record EndpointSecurity(string PolicyName, MessageSecurityMode Mode)
{
    /// <summary>No security at all: everybody on the network sees and alters everything.</summary>
    public static EndpointSecurity None { get; } = new("None", MessageSecurityMode.None);

    /// <summary>The RSA policies that are not deprecated, encrypted before signed.</summary>
    public static IReadOnlyList<EndpointSecurity> AllSecure { get; } =
    [
        new("Aes256_Sha256_RsaPss", MessageSecurityMode.SignAndEncrypt),
        new("Basic256Sha256", MessageSecurityMode.SignAndEncrypt),
        new("Aes128_Sha256_RsaOaep", MessageSecurityMode.SignAndEncrypt),
        new("Aes256_Sha256_RsaPss", MessageSecurityMode.Sign),
        new("Basic256Sha256", MessageSecurityMode.Sign),
        new("Aes128_Sha256_RsaOaep", MessageSecurityMode.Sign),
    ];
}
