using System.Security.Cryptography;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Security;

public class EccSecretTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly byte[] Nonce = RandomNumberGenerator.GetBytes(32);

    [Theory]
    [InlineData("ECC_nistP256")]
    [InlineData("ECC_nistP384")]
    public void A_secret_of_any_length_comes_back(string name)
    {
        var policy = SecurityPolicy.ByName(name)!;
        using var client = CertificateKey.Private(TestKeys.For(policy));
        using var server = new EphemeralKey(policy);
        for (var length = 0; length < 40; length++)
        {
            var secret = RandomNumberGenerator.GetBytes(length);
            var encrypted = EccSecret.Encrypt(policy, client, default, server.PublicKey, secret, Nonce, Now)!;
            Assert.True(EccSecret.TryDecrypt(policy, server, client, encrypted, Nonce, Now, out var found));
            Assert.Equal(secret, found);
        }
    }

    // On a channel without security the secret brings the certificate.
    [Fact]
    public void The_certificate_in_the_secret_serves_where_the_channel_has_none()
    {
        var policy = SecurityPolicy.EccNistP256;
        using var client = CertificateKey.Private(TestKeys.For(policy));
        using var server = new EphemeralKey(policy);
        var encrypted = EccSecret.Encrypt(
            policy, client, TestKeys.For(policy).RawData, server.PublicKey, "secret"u8, Nonce, Now)!;
        Assert.True(EccSecret.TryDecrypt(policy, server, null, encrypted, Nonce, Now, out _));
        var without = EccSecret.Encrypt(policy, client, default, server.PublicKey, "secret"u8, Nonce, Now)!;
        Assert.False(EccSecret.TryDecrypt(policy, server, null, without, Nonce, Now, out _));
    }

    [Fact]
    public void A_flip_in_any_byte_and_any_cut_are_refused()
    {
        var policy = SecurityPolicy.EccNistP256;
        using var client = CertificateKey.Private(TestKeys.For(policy));
        using var server = new EphemeralKey(policy);
        var encrypted = EccSecret.Encrypt(policy, client, default, server.PublicKey, "secret"u8, Nonce, Now)!;
        for (var i = 0; i < encrypted.Length; i++)
        {
            encrypted[i] ^= 0x40;
            Assert.False(EccSecret.TryDecrypt(policy, server, client, encrypted, Nonce, Now, out _));
            encrypted[i] ^= 0x40;
            Assert.False(EccSecret.TryDecrypt(policy, server, client, encrypted.AsSpan(..i), Nonce, Now, out _));
        }

        Assert.True(EccSecret.TryDecrypt(policy, server, client, encrypted, Nonce, Now, out _));
    }

    [Fact]
    public void Another_nonce_key_sender_policy_or_time_is_refused()
    {
        var policy = SecurityPolicy.EccNistP256;
        using var client = CertificateKey.Private(TestKeys.For(policy));
        using var server = new EphemeralKey(policy);
        using var later = new EphemeralKey(policy);
        using var rsa = CertificateKey.Private(TestKeys.Rsa);
        var encrypted = EccSecret.Encrypt(policy, client, default, server.PublicKey, "secret"u8, Nonce, Now)!;
        Assert.False(EccSecret.TryDecrypt(policy, server, client, encrypted, new byte[32], Now, out _));
        Assert.False(EccSecret.TryDecrypt(policy, later, client, encrypted, Nonce, Now, out _));
        Assert.False(EccSecret.TryDecrypt(policy, server, rsa, encrypted, Nonce, Now, out _));
        Assert.False(EccSecret.TryDecrypt(SecurityPolicy.EccNistP384, server, client, encrypted, Nonce, Now, out _));
        Assert.False(EccSecret.TryDecrypt(policy, server, client, encrypted, Nonce, Now.AddDays(1), out _));
        Assert.Null(EccSecret.Encrypt(policy, client, default, new byte[64], "secret"u8, Nonce, Now));
    }

    [Fact]
    public void The_rsa_layout_is_refused_where_the_policy_has_no_rsa()
    {
        using var client = CertificateKey.Private(TestKeys.For(SecurityPolicy.EccNistP256));
        Assert.False(UserSecret.TryDecrypt(SecurityPolicy.EccNistP256, client, new byte[256], Nonce, out _));
    }
}
