using System.Security.Cryptography;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.OpcUa.Security;

public class SymmetricCipherTests
{
    [Theory]
    [InlineData("Basic256Sha256")]
    [InlineData("Aes128_Sha256_RsaOaep")]
    [InlineData("ECC_nistP384")]
    public void A_flip_in_any_byte_of_text_or_signature_is_refused(string name)
    {
        using var cipher = Cipher(SecurityPolicy.ByName(name)!);
        var text = RandomNumberGenerator.GetBytes(64);
        var signature = new byte[cipher.SignatureLength];
        cipher.Sign(text, signature);
        Assert.True(cipher.Verify(text, signature));
        foreach (var bytes in (byte[][])[text, signature])
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] ^= 0x10;
                Assert.False(cipher.Verify(text, signature));
                bytes[i] ^= 0x10;
            }
        }

        Assert.False(cipher.Verify(text, signature.AsSpan(..^1)));
        Assert.False(cipher.Verify(text, default));
    }

    // The base library's one-shot CBC is the reference: a chunk is as if the cipher had been set up anew for it.
    [Fact]
    public void Every_chunk_begins_with_the_derived_vector()
    {
        var policy = SecurityPolicy.Basic256Sha256;
        var material = Enumerable.Range(0, policy.KeyMaterialLength).Select(static i => (byte)i).ToArray();
        using var cipher = new SymmetricCipher(policy, material);
        using var aes = Aes.Create();
        aes.Key = material[32..64];
        foreach (var length in (int[])[32, 16, 4096, 0, 48])
        {
            var text = RandomNumberGenerator.GetBytes(length);
            var expected = aes.EncryptCbc(text, material[64..], PaddingMode.None);
            var buffer = text.ToArray();
            cipher.Encrypt(buffer, 0, length);
            Assert.Equal(expected, buffer);
            cipher.Decrypt(buffer, 0, length);
            Assert.Equal(text, buffer);
        }
    }

    [Fact]
    public void A_chunk_costs_no_allocation()
    {
        using var cipher = Cipher(SecurityPolicy.Basic256Sha256);
        var buffer = new byte[8192];
        var signature = new byte[32];
        Chunk();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 100; i++) Chunk();
        }));

        void Chunk()
        {
            cipher.Sign(buffer, signature);
            cipher.Encrypt(buffer, 0, buffer.Length);
            cipher.Decrypt(buffer, 0, buffer.Length);
            cipher.Verify(buffer, signature);
        }
    }

    [Fact]
    public void Text_that_is_not_whole_blocks_is_the_callers_mistake()
    {
        using var cipher = Cipher(SecurityPolicy.Basic256Sha256);
        Assert.Throws<ArgumentException>(() => cipher.Decrypt(new byte[17], 0, 17));
    }

    private static SymmetricCipher Cipher(SecurityPolicy policy) =>
        new(policy, RandomNumberGenerator.GetBytes(policy.KeyMaterialLength));
}
