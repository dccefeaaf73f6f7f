using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Security;

public class ChannelNonceTests
{
    public static TheoryData<string> SecurePolicies =>
        [.. SecurityPolicy.All.Where(static p => p.IsSecure).Select(static p => p.Name)];

    [Theory]
    [MemberData(nameof(SecurePolicies))]
    public void Both_sides_derive_the_same_keys(string name)
    {
        var policy = SecurityPolicy.ByName(name)!;
        using var client = ChannelNonce.Create(policy);
        using var server = ChannelNonce.Create(policy);
        Assert.Equal(policy.NonceLength, client.Bytes.Length);
        Assert.True(client.TryDeriveAsClient(server.Bytes.Span, out var atClient));
        Assert.True(server.TryDeriveAsServer(client.Bytes.Span, out var atServer));
        using (atClient)
        using (atServer)
        {
            AssertPair(atClient.Client, atServer.Client);
            AssertPair(atServer.Server, atClient.Server);
        }
    }

    // A nonce of 8 bytes was accepted by one of the peers; OPC 10000-4 §5.5.2 asks for Bad_NonceInvalid.
    [Theory]
    [MemberData(nameof(SecurePolicies))]
    public void A_nonce_of_another_length_is_refused(string name)
    {
        var policy = SecurityPolicy.ByName(name)!;
        using var nonce = ChannelNonce.Create(policy);
        foreach (var length in (int[])[0, 8, policy.NonceLength - 1, policy.NonceLength + 1])
            Assert.False(nonce.TryDeriveAsServer(new byte[length], out _));
    }

    [Theory]
    [MemberData(nameof(SecurePolicies))]
    public void The_own_nonce_sent_back_is_refused(string name)
    {
        using var nonce = ChannelNonce.Create(SecurityPolicy.ByName(name)!);
        Assert.False(nonce.TryDeriveAsServer(nonce.Bytes.Span, out _));
    }

    [Theory]
    [InlineData("ECC_nistP256")]
    [InlineData("ECC_nistP384")]
    public void A_key_that_is_no_point_of_the_curve_is_refused(string name)
    {
        var policy = SecurityPolicy.ByName(name)!;
        using var own = ChannelNonce.Create(policy);
        using var other = ChannelNonce.Create(policy);
        var point = other.Bytes.ToArray();
        point[^1] ^= 1;
        Assert.False(own.TryDeriveAsServer(point, out _));
        Assert.False(own.TryDeriveAsServer(new byte[policy.NonceLength], out _));
        Assert.True(own.TryDeriveAsServer(other.Bytes.Span, out var keys));
        keys.Dispose();
    }

    private static void AssertPair(SymmetricCipher sender, SymmetricCipher receiver)
    {
        // Several chunks, because each begins anew with the derived vector.
        for (var length = 16; length <= 160; length += 48)
        {
            var text = Enumerable.Range(0, length).Select(static i => (byte)i).ToArray();
            var buffer = (byte[])[1, 2, 3, .. text, 4];
            sender.Encrypt(buffer, 3, length);
            Assert.NotEqual(text, buffer[3..^1]);
            Assert.Equal([1, 2, 3], buffer[..3]);
            var signature = new byte[sender.SignatureLength];
            sender.Sign(buffer, signature);
            Assert.True(receiver.Verify(buffer, signature));
            receiver.Decrypt(buffer, 3, length);
            Assert.Equal([1, 2, 3, .. text, 4], buffer);
        }
    }
}
