using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Security;

/// <summary>A security policy: which algorithms a channel uses, and the lengths that follow from them
/// (OPC 10000-7, profiles of the category "Security Policy").</summary>
public sealed class SecurityPolicy
{
    private const string Prefix = "http://opcfoundation.org/UA/SecurityPolicy#";

    private SecurityPolicy(string name) => (Name, Uri) = (name, Prefix + name);

    /// <summary>Neither signed nor encrypted.</summary>
    public static SecurityPolicy None { get; } = new("None");

    /// <summary>RSA PKCS#1 1.5 signatures, OAEP-SHA1, AES-256-CBC, HMAC-SHA256.</summary>
    public static SecurityPolicy Basic256Sha256 { get; } = new("Basic256Sha256")
    {
        Family = KeyFamily.Rsa,
        SignatureUri = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        EncryptionUri = "http://www.w3.org/2001/04/xmlenc#rsa-oaep",
        RsaSignature = RSASignaturePadding.Pkcs1,
        RsaEncryption = RSAEncryptionPadding.OaepSHA1,
        RsaEncryptionOverhead = 42,
        SigningKeyLength = 32,
        EncryptionKeyLength = 32,
    };

    /// <summary>RSA PKCS#1 1.5 signatures, OAEP-SHA1, AES-128-CBC, HMAC-SHA256.</summary>
    public static SecurityPolicy Aes128Sha256RsaOaep { get; } = new("Aes128_Sha256_RsaOaep")
    {
        Family = KeyFamily.Rsa,
        SignatureUri = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        EncryptionUri = "http://www.w3.org/2001/04/xmlenc#rsa-oaep",
        RsaSignature = RSASignaturePadding.Pkcs1,
        RsaEncryption = RSAEncryptionPadding.OaepSHA1,
        RsaEncryptionOverhead = 42,
        SigningKeyLength = 32,
        EncryptionKeyLength = 16,
    };

    /// <summary>RSA-PSS signatures (salt 32 bytes), OAEP-SHA256, AES-256-CBC, HMAC-SHA256.</summary>
    public static SecurityPolicy Aes256Sha256RsaPss { get; } = new("Aes256_Sha256_RsaPss")
    {
        Family = KeyFamily.Rsa,
        SignatureUri = "http://opcfoundation.org/UA/security/rsa-pss-sha2-256",
        EncryptionUri = "http://opcfoundation.org/UA/security/rsa-oaep-sha2-256",
        RsaSignature = RSASignaturePadding.Pss,
        RsaEncryption = RSAEncryptionPadding.OaepSHA256,
        RsaEncryptionOverhead = 66,
        SigningKeyLength = 32,
        EncryptionKeyLength = 32,
    };

    /// <summary>ECDSA and ECDH on P-256, AES-128-CBC, HMAC-SHA256.</summary>
    public static SecurityPolicy EccNistP256 { get; } = new("ECC_nistP256")
    {
        Family = KeyFamily.NistP256,
        MinKeyBits = 256,
        MaxKeyBits = 256,
        NonceLength = 64,
        SigningKeyLength = 32,
        EncryptionKeyLength = 16,
    };

    /// <summary>ECDSA and ECDH on P-384, AES-256-CBC, HMAC-SHA384.</summary>
    public static SecurityPolicy EccNistP384 { get; } = new("ECC_nistP384")
    {
        Family = KeyFamily.NistP384,
        MinKeyBits = 384,
        MaxKeyBits = 384,
        Hash = HashAlgorithmName.SHA384,
        NonceLength = 96,
        SigningKeyLength = 48,
        EncryptionKeyLength = 32,
    };

    /// <summary>The policies that can be used, weakest first.</summary>
    public static IReadOnlyList<SecurityPolicy> All { get; } =
        [None, Basic256Sha256, Aes128Sha256RsaOaep, Aes256Sha256RsaPss, EccNistP256, EccNistP384];

    /// <summary>Name behind the '#' of the URI, such as <c>Basic256Sha256</c>.</summary>
    public string Name { get; }

    /// <summary>The URI on the wire.</summary>
    public string Uri { get; }

    /// <summary>Key that the application certificates need.</summary>
    public KeyFamily Family { get; private init; }

    /// <summary>Hash of signatures, of HMAC and of key derivation.</summary>
    public HashAlgorithmName Hash { get; private init; } = HashAlgorithmName.SHA256;

    /// <summary>Whether messages can be signed and encrypted at all: every policy but <see cref="None"/>.</summary>
    public bool IsSecure => Family != KeyFamily.None;

    /// <summary>Whether keys are agreed on by ephemeral elliptic-curve keys; then OpenSecureChannel is signed but not
    /// encrypted.</summary>
    public bool IsEcc => Family is KeyFamily.NistP256 or KeyFamily.NistP384;

    /// <summary>Whether sequence numbers start below 1024 and wrap early; ECC policies start at 0 and wrap at
    /// 2^32 - 1 (OPC 10000-6 §6.7.2.4).</summary>
    public bool HasLegacySequenceNumbers => !IsEcc;

    /// <summary>Shortest key in bits; 0 without security.</summary>
    public int MinKeyBits { get; private init; } = 2048;

    /// <summary>Longest key in bits.</summary>
    public int MaxKeyBits { get; private init; } = 4096;

    /// <summary>Length in bytes of the nonce of OpenSecureChannel: random bytes, or x|y of an ephemeral key; 0 without
    /// security.</summary>
    public int NonceLength { get; private init; } = 32;

    /// <summary>Length in bytes of the derived HMAC key.</summary>
    public int SigningKeyLength { get; private init; }

    /// <summary>Length in bytes of the derived AES key.</summary>
    public int EncryptionKeyLength { get; private init; }

    /// <summary>Length in bytes of the block of the symmetric cipher, and of its initialization vector; 1 without
    /// security.</summary>
    public int SymmetricBlockSize => IsSecure ? 16 : 1;

    /// <summary>Length in bytes of the signature of a symmetric chunk; 0 without security.</summary>
    public int SymmetricSignatureLength => SigningKeyLength;

    /// <summary>Length in bytes of all that is derived for one direction.</summary>
    public int KeyMaterialLength => SigningKeyLength + EncryptionKeyLength + SymmetricBlockSize;

    /// <summary>URI of the signature algorithm in SignatureData; null for ECC, where it is left empty, and for
    /// <see cref="None"/>.</summary>
    public string? SignatureUri { get; private init; }

    /// <summary>URI of the encryption algorithm in user identity tokens; null where RSA does not encrypt.</summary>
    public string? EncryptionUri { get; private init; }

    internal RSASignaturePadding? RsaSignature { get; private init; }

    internal RSAEncryptionPadding? RsaEncryption { get; private init; }

    /// <summary>Bytes of each RSA block that padding takes.</summary>
    internal int RsaEncryptionOverhead { get; private init; }

    /// <summary>Finds the policy of a URI.</summary>
    /// <param name="uri">URI from the wire; null and "" are not a policy.</param>
    /// <returns>Null for URIs that are unknown or deprecated.</returns>
    public static SecurityPolicy? ByUri(string? uri)
    {
        foreach (var policy in All)
        {
            if (policy.Uri == uri) return policy;
        }

        return null;
    }

    /// <summary>Finds a policy by the name that a configuration uses, such as <c>Aes256_Sha256_RsaPss</c>.</summary>
    public static SecurityPolicy? ByName(string name)
    {
        foreach (var policy in All)
        {
            if (policy.Name == name) return policy;
        }

        return null;
    }

    /// <summary>Whether a URI is of a policy that is known and refused because its algorithms are broken: PKCS#1 1.5
    /// encryption (a padding oracle) or SHA-1 signatures.</summary>
    public static bool IsDeprecated(string? uri) => uri is Prefix + "Basic128Rsa15" or Prefix + "Basic256";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
