namespace EdgeTwin.OpcUa.Security;

/// <summary>
/// The proof of CreateSession, ActivateSession and X.509 user tokens that their sender has a private key: a signature
/// over the receiver's certificate and last nonce (OPC 10000-4 §5.7.2, §5.7.3). Of a chain, only the leaf is signed.
/// </summary>
public static class SignatureProof
{
    /// <summary>Makes the signature; empty without security.</summary>
    /// <param name="policy">The channel's policy, or the token's.</param>
    /// <param name="key">Own private key.</param>
    /// <param name="peerCertificate">DER of the receiver's certificate, or its chain.</param>
    /// <param name="peerNonce">Last nonce of the receiver.</param>
    public static byte[] Sign(
        SecurityPolicy policy, CertificateKey key, ReadOnlySpan<byte> peerCertificate, ReadOnlySpan<byte> peerNonce)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(key);
        if (!policy.IsSecure) return [];
        var signature = new byte[key.SignatureLength];
        AsymmetricCipher.Sign(policy, key, Signed(peerCertificate, peerNonce), signature);
        return signature;
    }

    /// <summary>Verifies the signature of a peer.</summary>
    /// <param name="policy">The channel's policy, or the token's.</param>
    /// <param name="peerKey">Public key of the sender.</param>
    /// <param name="ownCertificate">DER of the own certificate, or its chain.</param>
    /// <param name="ownNonce">The last nonce that was sent.</param>
    /// <param name="algorithm">Algorithm URI from the wire. Null and "" are accepted, for they cannot change what is
    /// verified; any other must be the policy's.</param>
    /// <param name="signature">Signature from the wire.</param>
    public static bool Verify(
        SecurityPolicy policy, CertificateKey peerKey, ReadOnlySpan<byte> ownCertificate, ReadOnlySpan<byte> ownNonce,
        string? algorithm, ReadOnlySpan<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(peerKey);
        if (!policy.IsSecure || peerKey.Family != policy.Family) return false;
        if (!string.IsNullOrEmpty(algorithm) && algorithm != policy.SignatureUri
            && !(policy.IsEcc && algorithm == policy.Uri)) return false;
        if (AsymmetricCipher.Verify(policy, peerKey, Signed(ownCertificate, ownNonce), signature)) return true;

        // Some peers sign the whole chain that they got; both say the same about who signed.
        var leaf = CertificateBytes.Leaf(ownCertificate);
        return leaf.Length != ownCertificate.Length && !leaf.IsEmpty
            && AsymmetricCipher.Verify(policy, peerKey, (byte[])[.. ownCertificate, .. ownNonce], signature);
    }

    private static byte[] Signed(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> nonce)
    {
        var leaf = CertificateBytes.Leaf(certificate);
        return [.. leaf.IsEmpty ? certificate : leaf, .. nonce];
    }
}
