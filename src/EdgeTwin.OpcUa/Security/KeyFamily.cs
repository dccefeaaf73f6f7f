namespace EdgeTwin.OpcUa.Security;

/// <summary>What kind of key a security policy needs in an application certificate.</summary>
public enum KeyFamily
{
    /// <summary>No key: nothing is signed or encrypted.</summary>
    None,

    /// <summary>RSA.</summary>
    Rsa,

    /// <summary>Elliptic curve NIST P-256 (secp256r1).</summary>
    NistP256,

    /// <summary>Elliptic curve NIST P-384 (secp384r1).</summary>
    NistP384,
}
