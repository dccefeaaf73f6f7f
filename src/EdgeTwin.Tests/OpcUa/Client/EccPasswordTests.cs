using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>Passwords over channels of ECC policies (OPC 10000-4 §7.40.2.5), between our two sides: no independent one
/// speaks them here.</summary>
[Collection(RealTime.Name)]
public sealed class EccPasswordTests
{
    [Theory]
    [InlineData("ECC_nistP256", MessageSecurityMode.SignAndEncrypt)]
    [InlineData("ECC_nistP256", MessageSecurityMode.Sign)]
    [InlineData("ECC_nistP384", MessageSecurityMode.SignAndEncrypt)]
    [InlineData("ECC_nistP384", MessageSecurityMode.Sign)]
    public async Task A_user_logs_on_with_the_right_password_only(string name, MessageSecurityMode mode)
    {
        var policy = SecurityPolicy.ByName(name)!;
        await using var sides = await TwoSides.StartAsync(policy.Family);
        await using (var client = new OpcUaClient(
            sides.Options(policy, mode, new PasswordUser("user1", "pass1")), TimeProvider.System, NullLogger.Instance))
        {
            await client.ConnectAsync();
            var state = await client.ReadAsync([(NodeId)NodeIds.Server_ServerStatus_State]);
            Assert.Equal(0, state[0].Value.Get<int>());
        }

        await using var stranger = new OpcUaClient(
            sides.Options(policy, mode, new PasswordUser("user1", "wrong")), TimeProvider.System, NullLogger.Instance);
        var refused = await Assert.ThrowsAsync<OpcUaException>(() => stranger.ConnectAsync());
        Assert.Equal(StatusCodes.BadUserAccessDenied, refused.Status.Value);
    }

    // Whoever changes the key on the way could read the password.
    [Fact]
    public void A_key_that_the_servers_certificate_did_not_sign_is_none()
    {
        var policy = SecurityPolicy.EccNistP256;
        using var server = CertificateKey.Private(Security.TestKeys.For(policy));
        using var key = new EphemeralKey(policy);
        var offer = EphemeralKeyExchange.Offer(key, policy, server);
        Assert.Equal(key.PublicKey, EphemeralKeyExchange.Take(Header(offer), policy, server));
        var body = offer.As<AdditionalParametersType>()!.Parameters[0].Value.Get<ExtensionObject>()!
            .As<EphemeralKeyType>()!;
        body.PublicKey![3] ^= 1;
        Assert.Null(EphemeralKeyExchange.Take(Header(offer), policy, server));
        Assert.Null(EphemeralKeyExchange.Take(ResponseHeader.Default, policy, server));
    }

    private static ResponseHeader Header(ExtensionObject additional) => new() { AdditionalHeader = additional };
}
