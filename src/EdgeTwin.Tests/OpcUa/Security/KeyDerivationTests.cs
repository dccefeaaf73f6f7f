using System.Security.Cryptography;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Security;

/// <summary>Vectors computed by an independent implementation (Python's hmac), the first one well known.</summary>
public class KeyDerivationTests
{
    // The test vector of the TLS working group for P_SHA256 (RFC 5246 §5), published with its mailing list.
    [Fact]
    public void P_SHA256_gives_the_published_vector()
    {
        var secret = Convert.FromHexString("9bbe436ba940f017b17652849a71db35");
        byte[] seed = [.. "test label"u8, .. Convert.FromHexString("a0ba9f936cda311827a6f796ffd5198c")];
        var output = new byte[100];
        KeyDerivation.PHash(HashAlgorithmName.SHA256, secret, seed, output);
        Assert.Equal(
            "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7"
            + "077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66",
            Convert.ToHexStringLower(output));
    }

    [Theory]
    [InlineData(32, "opcua-client", 64, 64,
        "209844fc28eee3c1e6941afedb8944f51df3a1ab7576e151c858eb3de3169e7653d464b83af490ec883c6acd6aad9e4c735ed849e02f"
        + "e661088d211e76bc57b1")]
    [InlineData(48, "opcua-server", 96, 96,
        "071e7f98fc1e1a32ca06944f6cf23c5c97340786901035d78e556c8cdf2967beede34a0e37e79fb108d4cdcdc58abf0fbcac7bf6379c"
        + "b68743218428cb9de2dacd501acf8c96b09e5402b3567b091ee1f3d12bb07d670a5d3cb4eb1c25f0ecac")]
    public void HKDF_takes_length_label_and_both_keys_as_salt_and_info(
        int secretLength, string label, int keyLength, int length, string expected)
    {
        var hash = secretLength == 32 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384;
        var output = new byte[length];
        KeyDerivation.Hkdf(
            hash, Ascending(0, secretLength), System.Text.Encoding.ASCII.GetBytes(label), Ascending(0, keyLength),
            Ascending(keyLength, keyLength), output);
        Assert.Equal(expected, Convert.ToHexStringLower(output));
    }

    // The client's keys: secret = server nonce, seed = client nonce (OPC 10000-6 §6.7.5).
    [Fact]
    public void The_clients_keys_come_from_the_servers_nonce_as_secret()
    {
        var material = Convert.FromHexString(
            "dd585db0c102dd1a4c1ed4dd195606dec3f7a1c789afca78f9479ed3a5d668afce49cb8f1c65a827f412c48e71c9f9cb3b5c2ee2"
            + "fc2e4b3bd46d4098b5e45475a77832c6215b6e7ab85f2e668be7aeff");
        var policy = SecurityPolicy.Basic256Sha256;
        using var nonce = ChannelNonce.Fixed(policy, Ascending(0, 32));
        Assert.True(nonce.TryDeriveAsClient(Ascending(32, 32), out var keys));
        using var expected = new SymmetricCipher(policy, material);
        using (keys)
        {
            var signature = new byte[32];
            keys.Client.Sign("x"u8, signature);
            Assert.True(expected.Verify("x"u8, signature));
            Assert.False(keys.Server.Verify("x"u8, signature));
            var text = new byte[32];
            keys.Client.Encrypt(text, 0, 32);
            using var aes = Aes.Create();
            aes.Key = material[32..64];
            Assert.Equal(aes.EncryptCbc(new byte[32], material[64..], PaddingMode.None), text);
        }
    }

    private static byte[] Ascending(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(static i => (byte)i)];
}
