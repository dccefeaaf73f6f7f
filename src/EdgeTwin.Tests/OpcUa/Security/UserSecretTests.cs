using System.Buffers.Binary;
using System.Security.Cryptography;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Security;

public class UserSecretTests
{
    private static readonly byte[] Nonce = RandomNumberGenerator.GetBytes(32);

    [Theory]
    [InlineData("Basic256Sha256", 0)]
    [InlineData("Basic256Sha256", 7)]
    [InlineData("Aes128_Sha256_RsaOaep", 500)]
    [InlineData("Aes256_Sha256_RsaPss", 154)]
    public void A_secret_comes_back(string name, int length)
    {
        var policy = SecurityPolicy.ByName(name)!;
        using var key = CertificateKey.Private(TestKeys.Rsa);
        var secret = RandomNumberGenerator.GetBytes(length);
        var cipher = UserSecret.Encrypt(policy, key, secret, Nonce);
        Assert.True(UserSecret.TryDecrypt(policy, key, cipher, Nonce, out var found));
        Assert.Equal(secret, found);
    }

    // The Foundation's own stack fills the last block with zeros.
    [Fact]
    public void Zeros_behind_the_declared_length_do_not_matter()
    {
        Assert.True(Decrypt([.. Length(4 + 32), .. "pass"u8, .. Nonce, .. new byte[60]], out var secret));
        Assert.Equal("pass"u8.ToArray(), secret);
    }

    [Fact]
    public void A_wrong_length_or_nonce_is_refused()
    {
        var other = (byte[])[.. Nonce[..^1], (byte)(Nonce[^1] ^ 1)];
        Assert.False(Decrypt([.. Length(4 + 32), .. "pass"u8, .. other], out _));
        Assert.False(Decrypt([.. Length(4 + 31), .. "pass"u8, .. Nonce[..31]], out _));
        Assert.False(Decrypt([.. Length(4 + 33), .. "pass"u8, .. Nonce], out _));
        Assert.False(Decrypt([.. Length(31), .. Nonce[1..]], out _));
        Assert.False(Decrypt([.. Length(0)], out _));
        Assert.False(Decrypt([.. Length(uint.MaxValue), .. Nonce], out _));
        Assert.False(Decrypt([.. Length(0x8000_0000), .. Nonce], out _));
        Assert.False(Decrypt([1, 2, 3], out _));
    }

    [Fact]
    public void A_secret_that_is_not_encrypted_for_this_server_is_refused()
    {
        using var key = CertificateKey.Private(TestKeys.Rsa);
        foreach (var length in (int[])[0, 1, 255, 256, 512, 256 * 1024])
            Assert.False(UserSecret.TryDecrypt(
                SecurityPolicy.Basic256Sha256, key, new byte[length], Nonce, out _));
    }

    private static byte[] Length(uint length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, length);
        return bytes;
    }

    private static bool Decrypt(byte[] plain, out byte[]? secret)
    {
        var policy = SecurityPolicy.Basic256Sha256;
        using var key = CertificateKey.Private(TestKeys.Rsa);
        var cipher = new byte[AsymmetricCipher.EncryptedLength(policy, key, plain.Length)];
        AsymmetricCipher.Encrypt(policy, key, plain, cipher);
        return UserSecret.TryDecrypt(policy, key, cipher, Nonce, out secret);
    }
}
