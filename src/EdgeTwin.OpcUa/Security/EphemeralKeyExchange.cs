using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Security;

/// <summary>
/// How the server's ephemeral key for <see cref="EccSecret"/> gets to the client (OPC 10000-4 §5.7.2, §5.7.3): the
/// requests CreateSession and ActivateSession ask for it in their additional header, the answers bring it in theirs.
/// <code>
/// request   AdditionalParametersType   ECDHPolicyUri = String
/// response  AdditionalParametersType   ECDHKey = EphemeralKeyType: public key, signed by the server's certificate
/// </code>
/// </summary>
internal static class EphemeralKeyExchange
{
    private const string PolicyName = "ECDHPolicyUri";
    private const string KeyName = "ECDHKey";

    /// <summary>Asks for a key of a policy.</summary>
    public static ExtensionObject Ask(SecurityPolicy policy) => Header(PolicyName, policy.Uri);

    /// <summary>The policy whose key a request asks for; null when it asks for none, or for one that is not
    /// known.</summary>
    public static SecurityPolicy? Asked(RequestHeader header) =>
        SecurityPolicy.ByUri(Find(header.AdditionalHeader, PolicyName).Get<string>());

    /// <summary>Gives a key away.</summary>
    public static ExtensionObject Offer(EphemeralKey key, SecurityPolicy policy, CertificateKey own)
    {
        var signature = new byte[own.SignatureLength];
        AsymmetricCipher.Sign(policy, own, key.PublicKey, signature);
        return Header(KeyName, Variant.Of(new EphemeralKeyType { PublicKey = key.PublicKey, Signature = signature }));
    }

    /// <summary>The key that an answer brings; null when there is none that the server's certificate signed.</summary>
    public static byte[]? Take(ResponseHeader header, SecurityPolicy policy, CertificateKey server)
    {
        var offered = Find(header.AdditionalHeader, KeyName).Get<ExtensionObject>()?.As<EphemeralKeyType>();
        return offered is { PublicKey: { } key, Signature: { } signature } && server.Fits(policy)
            && AsymmetricCipher.Verify(policy, server, key, signature) ? key : null;
    }

    private static ExtensionObject Header(string name, Variant value) => new(new AdditionalParametersType
    {
        Parameters = [new Schema.KeyValuePair { Key = new QualifiedName(0, name), Value = value }],
    });

    private static Variant Find(ExtensionObject? header, string name)
    {
        foreach (var parameter in header?.As<AdditionalParametersType>()?.Parameters ?? [])
        {
            if (parameter.Key.NamespaceIndex == 0 && parameter.Key.Name == name) return parameter.Value;
        }

        return Variant.Null;
    }
}
