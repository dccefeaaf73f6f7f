using System.Security.Cryptography;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Security;

public class AsymmetricCipherTests
{
    public static TheoryData<string> SecurePolicies => ChannelNonceTests.SecurePolicies;

    [Theory]
    [MemberData(nameof(SecurePolicies))]
    public void A_signature_is_verified_and_a_flip_in_any_byte_refused(string name)
    {
        var policy = SecurityPolicy.ByName(name)!;
        using var own = CertificateKey.Private(TestKeys.For(policy));
        using var peer = CertificateKey.Public(TestKeys.For(policy))!;
        var text = RandomNumberGenerator.GetBytes(50);
        var signature = new byte[own.SignatureLength];
        Assert.Equal(signature.Length, AsymmetricCipher.Sign(policy, own, text, signature));
        Assert.True(AsymmetricCipher.Verify(policy, peer, text, signature));
        foreach (var bytes in (byte[][])[text, signature])
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] ^= 0x80;
                Assert.False(AsymmetricCipher.Verify(policy, peer, text, signature));
                bytes[i] ^= 0x80;
            }
        }

        Assert.False(AsymmetricCipher.Verify(policy, peer, text, signature.AsSpan(..^1)));
        Assert.False(AsymmetricCipher.Verify(policy, peer, text, default));
        signature.AsSpan().Fill(0xFF);
        Assert.False(AsymmetricCipher.Verify(policy, peer, text, signature));
    }

    // OPC 10000-7: the salt of RSA-PSS is as long as the hash.
    [Fact]
    public void The_pss_signature_is_the_base_librarys()
    {
        var policy = SecurityPolicy.Aes256Sha256RsaPss;
        using var own = CertificateKey.Private(TestKeys.Rsa);
        var signature = new byte[256];
        AsymmetricCipher.Sign(policy, own, "text"u8, signature);
        Assert.True(own.Rsa!.VerifyData("text"u8, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        Assert.False(own.Rsa!.VerifyData("text"u8, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Theory]
    [InlineData("Basic256Sha256", 214)]
    [InlineData("Aes128_Sha256_RsaOaep", 214)]
    [InlineData("Aes256_Sha256_RsaPss", 190)]
    public void Text_of_every_length_around_a_block_is_encrypted_and_decrypted_in_place(string name, int block)
    {
        var policy = SecurityPolicy.ByName(name)!;
        using var own = CertificateKey.Private(TestKeys.Rsa);
        using var peer = CertificateKey.Public(TestKeys.Rsa)!;
        Assert.Equal(block, AsymmetricCipher.PlainBlockSize(policy, peer));
        Assert.Equal(256, AsymmetricCipher.CipherBlockSize(policy, peer));
        foreach (var length in (int[])[1, block - 1, block, block + 1, 3 * block])
        {
            var text = RandomNumberGenerator.GetBytes(length);
            var cipher = new byte[AsymmetricCipher.EncryptedLength(policy, peer, length)];
            Assert.Equal(cipher.Length, AsymmetricCipher.Encrypt(policy, peer, text, cipher));
            Assert.True(AsymmetricCipher.TryDecrypt(policy, own, cipher, cipher, out var count));
            Assert.Equal(text, cipher[..count]);
        }
    }

    [Fact]
    public void Cipher_text_for_another_key_or_of_part_of_a_block_is_refused()
    {
        var policy = SecurityPolicy.Basic256Sha256;
        using var own = CertificateKey.Private(TestKeys.Rsa);
        using var other = CertificateKey.Public(TestKeys.OtherRsa)!;
        using var longKey = CertificateKey.Private(TestKeys.LongRsa);
        var cipher = new byte[256];
        AsymmetricCipher.Encrypt(policy, other, "text"u8, cipher);
        var plain = new byte[1024];
        Assert.False(AsymmetricCipher.TryDecrypt(policy, own, cipher, plain, out _));
        Assert.False(AsymmetricCipher.TryDecrypt(policy, own, cipher.AsSpan(..255), plain, out _));
        Assert.False(AsymmetricCipher.TryDecrypt(policy, own, default, plain, out _));
        Assert.False(AsymmetricCipher.TryDecrypt(policy, longKey, cipher, plain, out _));
        cipher.AsSpan().Fill(0xFF);
        Assert.False(AsymmetricCipher.TryDecrypt(policy, own, cipher, plain, out _));
    }

    [Fact]
    public void A_key_of_another_family_is_the_callers_mistake()
    {
        using var own = CertificateKey.Private(TestKeys.Rsa);
        Assert.Throws<ArgumentException>(
            () => AsymmetricCipher.Sign(SecurityPolicy.EccNistP256, own, default, new byte[256]));
    }

    [Fact]
    public void Deprecated_policies_are_known_and_refused()
    {
        foreach (var name in (string[])["Basic128Rsa15", "Basic256"])
        {
            var uri = "http://opcfoundation.org/UA/SecurityPolicy#" + name;
            Assert.Null(SecurityPolicy.ByUri(uri));
            Assert.True(SecurityPolicy.IsDeprecated(uri));
        }

        Assert.Null(SecurityPolicy.ByUri(null));
        Assert.Null(SecurityPolicy.ByUri(""));
        Assert.All(SecurityPolicy.All, static p => Assert.Same(p, SecurityPolicy.ByUri(p.Uri)));
        Assert.All(SecurityPolicy.All, static p => Assert.False(SecurityPolicy.IsDeprecated(p.Uri)));
    }
}
