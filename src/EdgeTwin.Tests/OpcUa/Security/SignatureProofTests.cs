using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Security;

public class SignatureProofTests
{
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(static i => (byte)i)];

    public static TheoryData<string> SecurePolicies => ChannelNonceTests.SecurePolicies;

    [Theory]
    [MemberData(nameof(SecurePolicies))]
    public void A_proof_holds_for_its_certificate_and_nonce_only(string name)
    {
        var policy = SecurityPolicy.ByName(name)!;
        using var key = CertificateKey.Private(TestKeys.For(policy));
        var receiver = TestKeys.OtherRsa.RawData;
        var proof = SignatureProof.Sign(policy, key, receiver, Nonce);
        Assert.True(SignatureProof.Verify(policy, key, receiver, Nonce, policy.SignatureUri, proof));
        Assert.True(SignatureProof.Verify(policy, key, receiver, Nonce, null, proof));
        Assert.False(SignatureProof.Verify(policy, key, receiver, new byte[32], null, proof));
        Assert.False(SignatureProof.Verify(policy, key, TestKeys.Rsa.RawData, Nonce, null, proof));
        Assert.False(SignatureProof.Verify(policy, key, receiver, Nonce, "http://example.org/other", proof));
        Assert.False(SignatureProof.Verify(policy, key, receiver, Nonce, null, default));
    }

    // OPC 10000-4 §5.7.2: only the leaf of a chain is signed.
    [Fact]
    public void Of_a_chain_only_the_leaf_is_signed()
    {
        var policy = SecurityPolicy.Basic256Sha256;
        using var key = CertificateKey.Private(TestKeys.Rsa);
        var leaf = TestKeys.OtherRsa.RawData;
        byte[] chain = [.. leaf, .. TestKeys.LongRsa.RawData];
        Assert.Equal(
            SignatureProof.Sign(policy, key, leaf, Nonce), SignatureProof.Sign(policy, key, chain, Nonce));
    }

    [Fact]
    public void A_chain_is_cut_into_its_certificates()
    {
        var a = TestKeys.Rsa.RawData;
        var b = TestKeys.LongRsa.RawData;
        Assert.Equal([a, b], CertificateBytes.Split([.. a, .. b], 2));
        Assert.Null(CertificateBytes.Split([.. a, .. b], 1));
        Assert.Null(CertificateBytes.Split([], 5));
        Assert.Null(CertificateBytes.Split([.. a, 0], 5));
        Assert.Null(CertificateBytes.Split(a.AsSpan(..^1), 5));
        Assert.Null(CertificateBytes.Split([1, 2, 3], 5));
        Assert.Equal(TestKeys.Rsa.Thumbprint, Convert.ToHexString(CertificateBytes.Thumbprint([.. a, .. b])));
    }
}
