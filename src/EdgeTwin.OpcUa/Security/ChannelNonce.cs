using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Security;

/// <summary>
/// One side's contribution to the keys of a token, sent as the nonce of OpenSecureChannel: random bytes (RSA policies),
/// or the public half of an ephemeral key whose private half stays here (ECC policies). Used for one token only.
/// </summary>
public sealed class ChannelNonce : IDisposable
{
    private readonly SecurityPolicy policy;
    private readonly byte[] bytes;
    private readonly EphemeralKey? ephemeral;

    private ChannelNonce(SecurityPolicy policy, byte[] bytes, EphemeralKey? ephemeral) =>
        (this.policy, this.bytes, this.ephemeral) = (policy, bytes, ephemeral);

    /// <summary>What the peer gets; empty without security.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>Makes a fresh nonce from the system's random numbers.</summary>
    public static ChannelNonce Create(SecurityPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (!policy.IsSecure) return new ChannelNonce(policy, [], null);
        if (!policy.IsEcc)
            return new ChannelNonce(policy, RandomNumberGenerator.GetBytes(policy.NonceLength), null);
        var key = new EphemeralKey(policy);
        return new ChannelNonce(policy, key.PublicKey, key);
    }

    internal static ChannelNonce Fixed(SecurityPolicy policy, byte[] bytes) => new(policy, bytes, null);

    /// <summary>Derives the keys of the token as the client.</summary>
    /// <param name="serverNonce">What the server sent.</param>
    /// <param name="keys">The keys, owned by the caller.</param>
    /// <returns>False when the nonce has a wrong length, equals the own one, or is no point of the curve
    /// (<c>BadNonceInvalid</c>).</returns>
    public bool TryDeriveAsClient(ReadOnlySpan<byte> serverNonce, [NotNullWhen(true)] out ChannelKeys? keys) =>
        TryDerive(bytes, serverNonce, serverNonce, out keys);

    /// <summary>Derives the keys of the token as the server.</summary>
    /// <param name="clientNonce">What the client sent.</param>
    /// <param name="keys">The keys, owned by the caller.</param>
    /// <returns>False when the nonce has a wrong length, equals the own one, or is no point of the curve
    /// (<c>BadNonceInvalid</c>).</returns>
    public bool TryDeriveAsServer(ReadOnlySpan<byte> clientNonce, [NotNullWhen(true)] out ChannelKeys? keys) =>
        TryDerive(clientNonce, bytes, clientNonce, out keys);

    /// <inheritdoc/>
    public void Dispose() => ephemeral?.Dispose();

    private bool TryDerive(
        ReadOnlySpan<byte> client, ReadOnlySpan<byte> server, ReadOnlySpan<byte> peer, out ChannelKeys? keys)
    {
        keys = null;
        if (!policy.IsSecure) throw new InvalidOperationException("Without security there are no keys.");
        // A peer that sends back our own nonce would make both directions use the same keys.
        if (peer.Length != policy.NonceLength || peer.SequenceEqual(bytes)) return false;
        Span<byte> forClient = stackalloc byte[policy.KeyMaterialLength];
        Span<byte> forServer = stackalloc byte[policy.KeyMaterialLength];
        if (ephemeral is null)
        {
            // OPC 10000-6 §6.7.5: each side's keys have the other side's nonce as secret and its own as seed.
            KeyDerivation.PHash(policy.Hash, server, client, forClient);
            KeyDerivation.PHash(policy.Hash, client, server, forServer);
        }
        else
        {
            if (ephemeral.Agree(peer) is not { } shared) return false;
            KeyDerivation.Hkdf(policy.Hash, shared, "opcua-client"u8, client, server, forClient);
            KeyDerivation.Hkdf(policy.Hash, shared, "opcua-server"u8, server, client, forServer);
            CryptographicOperations.ZeroMemory(shared);
        }

        keys = new ChannelKeys(new SymmetricCipher(policy, forClient), new SymmetricCipher(policy, forServer));
        CryptographicOperations.ZeroMemory(forClient);
        CryptographicOperations.ZeroMemory(forServer);
        return true;
    }
}
