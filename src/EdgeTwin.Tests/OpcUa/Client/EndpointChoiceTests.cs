using EdgeTwin.OpcUa.Client.Discovery;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>Which endpoint is used, and that nobody can talk a client into a weaker one.</summary>
public sealed class EndpointChoiceTests
{
    private static readonly EndpointDescription[] Offered =
    [
        Endpoint(SecurityPolicy.None.Uri, MessageSecurityMode.None, 255),
        Endpoint("http://opcfoundation.org/UA/SecurityPolicy#Basic128Rsa15", MessageSecurityMode.SignAndEncrypt, 200),
        Endpoint(SecurityPolicy.Basic256Sha256.Uri, MessageSecurityMode.Sign, 10),
        Endpoint(SecurityPolicy.Basic256Sha256.Uri, MessageSecurityMode.SignAndEncrypt, 90),
        Endpoint(SecurityPolicy.Aes256Sha256RsaPss.Uri, MessageSecurityMode.SignAndEncrypt, 20),
        Endpoint(SecurityPolicy.EccNistP256.Uri, MessageSecurityMode.SignAndEncrypt, 99),
    ];

    [Fact]
    public void The_strongest_policy_that_the_own_key_can_do_is_taken_whatever_level_the_server_claims()
    {
        using var key = CertificateKey.Private(Security.TestKeys.Rsa);
        var picked = EndpointChoice.Pick(Offered, MessageSecurityMode.SignAndEncrypt, null, key);
        Assert.Equal(SecurityPolicy.Aes256Sha256RsaPss.Uri, picked.SecurityPolicyUri);
    }

    [Fact]
    public void A_named_policy_is_taken_and_no_other()
    {
        using var key = CertificateKey.Private(Security.TestKeys.Rsa);
        var picked = EndpointChoice.Pick(
            Offered, MessageSecurityMode.SignAndEncrypt, SecurityPolicy.Basic256Sha256, key);
        Assert.Equal(SecurityPolicy.Basic256Sha256.Uri, picked.SecurityPolicyUri);
        var refused = Assert.Throws<OpcUaException>(() => EndpointChoice.Pick(
            Offered, MessageSecurityMode.SignAndEncrypt, SecurityPolicy.Aes128Sha256RsaOaep, key));
        Assert.Contains("Aes256_Sha256_RsaPss/SignAndEncrypt", refused.Message); // what there is instead
    }

    [Fact]
    public void Without_a_secure_endpoint_the_client_does_not_fall_back_to_none()
    {
        using var key = CertificateKey.Private(Security.TestKeys.Rsa);
        Assert.Throws<OpcUaException>(() => EndpointChoice.Pick(
            Offered[..2], MessageSecurityMode.SignAndEncrypt, null, key));
    }

    [Fact]
    public void A_session_whose_endpoints_are_not_those_of_discovery_is_refused()
    {
        EndpointAgreement.Verify(Offered, Offered, isNamed: true); // control
        var refused = Assert.Throws<OpcUaException>(
            () => EndpointAgreement.Verify(Offered[..4], Offered, isNamed: true));
        Assert.Equal(StatusCodes.BadSecurityChecksFailed, refused.Status.Value);
        Assert.Throws<OpcUaException>(() => EndpointAgreement.Verify(Offered, Offered[..4], isNamed: true));
    }

    [Fact]
    public void A_server_that_repeats_nothing_behind_a_translated_address_needs_a_named_policy()
    {
        EndpointAgreement.Verify(Offered, [], isNamed: true);
        var refused = Assert.Throws<OpcUaException>(() => EndpointAgreement.Verify(Offered, [], isNamed: false));
        Assert.Contains("name the security policy", refused.Message);
    }

    [Theory]
    [InlineData("opc.tcp://10.0.0.5:4841", "opc.tcp://inner-name:4840/server", "opc.tcp://10.0.0.5:4841/server")]
    [InlineData("opc.tcp://plc", "opc.tcp://plc:4840", "opc.tcp://plc:4840/")]
    [InlineData("opc.tcp://plc:4840/a", null, "opc.tcp://plc:4840/a")]
    [InlineData("opc.tcp://plc:4840", "http://evil/x", "opc.tcp://plc:4840/")]
    public void The_host_that_was_reached_stays_whatever_the_server_announces(
        string used, string? announced, string expected) =>
        Assert.Equal(expected, EndpointAddress.Reachable(new Uri(used), announced).ToString());

    private static EndpointDescription Endpoint(string policy, MessageSecurityMode mode, byte level) => new()
    {
        SecurityPolicyUri = policy,
        SecurityMode = mode,
        SecurityLevel = level,
        TransportProfileUri = "http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary",
    };
}
