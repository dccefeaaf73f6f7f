namespace EdgeTwin.Serving.OpcUa;

/// <summary>Security policies by the last part of their uri (OPC 10000-7), as the configuration names them.</summary>
internal static class OpcUaPolicies
{
    /// <summary>What is offered when nothing is said: all for RSA certificates, which every client has.</summary>
    public static IReadOnlyList<string> Default { get; } =
        ["Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"];

    /// <summary>All that there are.</summary>
    public static IReadOnlyList<string> Known { get; } = ["None", .. Default, "ECC_nistP256", "ECC_nistP384"];

    /// <summary>Those that must not be used any more: SHA-1 signatures, PKCS#1 1.5 padding.</summary>
    public static IReadOnlyList<string> Deprecated { get; } = ["Basic128Rsa15", "Basic256"];

    private const string Prefix = "http://opcfoundation.org/UA/SecurityPolicy#";

    /// <summary>The uri of a policy.</summary>
    public static string UriOf(string name) => Prefix + name;
}
