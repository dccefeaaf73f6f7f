using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Security;

/// <summary>An elliptic-curve key pair for one key agreement. On the wire a public key is <c>x | y</c>, each as long as
/// the curve's field (OPC 10000-4 §7.15, EphemeralKeyType).</summary>
public sealed class EphemeralKey : IDisposable
{
    private readonly ECCurve curve;
    private readonly ECDiffieHellman pair;

    /// <summary>Makes a key pair on the curve of an ECC policy.</summary>
    public EphemeralKey(SecurityPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        curve = policy.Family switch
        {
            KeyFamily.NistP256 => ECCurve.NamedCurves.nistP256,
            KeyFamily.NistP384 => ECCurve.NamedCurves.nistP384,
            _ => throw new ArgumentException($"{policy} has no curve.", nameof(policy)),
        };
        pair = ECDiffieHellman.Create(curve);
        var point = pair.ExportParameters(false).Q;
        PublicKey = [.. point.X!, .. point.Y!];
    }

    /// <summary>The public key, <c>x | y</c>.</summary>
    public byte[] PublicKey { get; }

    /// <inheritdoc/>
    public void Dispose() => pair.Dispose();

    /// <summary>The shared secret with a peer's public key: the x coordinate of the common point.</summary>
    /// <returns>Null when the bytes are no point of the curve.</returns>
    internal byte[]? Agree(ReadOnlySpan<byte> peer)
    {
        if (peer.Length != PublicKey.Length) return null;
        var half = peer.Length / 2;
        try
        {
            // The import checks that the point lies on the curve; a point off it could reveal the private key.
            using var other = ECDiffieHellman.Create(new ECParameters
            {
                Curve = curve,
                Q = new ECPoint { X = peer[..half].ToArray(), Y = peer[half..].ToArray() },
            });
            using var publicKey = other.PublicKey;
            return pair.DeriveRawSecretAgreement(publicKey);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
