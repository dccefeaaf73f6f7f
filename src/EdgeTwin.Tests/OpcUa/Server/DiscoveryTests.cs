using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Server;

/// <summary>Discovery: OPC 10000-4 §5.5.</summary>
public class DiscoveryTests
{
    [Theory]
    [InlineData("opc.tcp://10.1.2.3:4841/path", "opc.tcp://10.1.2.3:4841")]
    [InlineData("opc.tcp://other-name", "opc.tcp://other-name:4840")]
    [InlineData("opc.tcp://[fe80::1]:4840", "opc.tcp://[fe80::1]:4840")]
    [InlineData("http://elsewhere/", "opc.tcp://plant.example:4840")]
    [InlineData("nonsense", "opc.tcp://plant.example:4840")]
    [InlineData(null, "opc.tcp://plant.example:4840")]
    public async Task The_url_by_which_the_client_got_here_is_told_back(string? asked, string told)
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var endpoints = await connection.AskAsync<GetEndpointsResponse>(
            new GetEndpointsRequest { EndpointUrl = asked });
        Assert.All(endpoints.Endpoints, e => Assert.Equal(told, e.EndpointUrl));
        var servers = await connection.AskAsync<FindServersResponse>(new FindServersRequest { EndpointUrl = asked });
        Assert.Equal(told, Assert.Single(Assert.Single(servers.Servers).DiscoveryUrls));
    }

    [Fact]
    public async Task Filters_of_profiles_and_servers_are_kept()
    {
        await using var rig = new ServerRig();
        var connection = rig.Connect();
        var https = await connection.AskAsync<GetEndpointsResponse>(new GetEndpointsRequest
        {
            ProfileUris = ["http://opcfoundation.org/UA-Profile/Transport/https-uabinary"],
        });
        Assert.Empty(https.Endpoints);
        var others = await connection.AskAsync<FindServersResponse>(
            new FindServersRequest { ServerUris = ["urn:other"] });
        Assert.Empty(others.Servers);
        var own = await connection.AskAsync<FindServersResponse>(
            new FindServersRequest { ServerUris = ["urn:other", ServerRig.ApplicationUri] });
        Assert.Single(own.Servers);
    }

    [Fact]
    public async Task Without_an_endpoint_of_None_discovery_is_open_and_sessions_are_not()
    {
        await using var rig = new ServerRig(static o => o with { Security = EndpointSecurity.AllSecure });
        var connection = rig.Connect();
        var endpoints = await connection.AskAsync<GetEndpointsResponse>(new GetEndpointsRequest());
        Assert.DoesNotContain(endpoints.Endpoints, static e => e.SecurityMode == MessageSecurityMode.None);
        Assert.True(rig.Security.Offers(SecurityPolicy.None, MessageSecurityMode.None));
        Assert.Equal(new StatusCode(StatusCodes.BadSecurityPolicyRejected),
            await connection.ResultAsync(TestSession.CreateRequest(connection)));
    }

    [Theory]
    [InlineData("Basic128Rsa15")]
    [InlineData("Basic256")]
    [InlineData("Basic256Sha257")]
    public void Deprecated_and_unknown_policies_are_not_offered(string name) => Assert.Throws<ArgumentException>(() =>
        new ServerRig(o => o with { Security = [new EndpointSecurity(name, MessageSecurityMode.SignAndEncrypt)] }));

    [Fact]
    public async Task Passwords_are_offered_only_where_they_are_encrypted()
    {
        await using var rig = new ServerRig(static o => o with
        {
            Security =
            [
                EndpointSecurity.None, new EndpointSecurity("ECC_nistP256", MessageSecurityMode.Sign),
                new EndpointSecurity("ECC_nistP256", MessageSecurityMode.SignAndEncrypt), .. EndpointSecurity.AllSecure,
            ],
        });
        var endpoints = rig.Endpoints.All(null);
        var none = Password(endpoints[0]);
        Assert.Equal(SecurityPolicy.Basic256Sha256.Uri, none!.SecurityPolicyUri);
        Assert.All(endpoints.Skip(1), static e => Assert.Null(Password(e)!.SecurityPolicyUri));

        // Inside an encrypted channel also in the clear, for clients that know no ECC secret; nowhere else.
        Assert.Equal([endpoints[2]], endpoints.Where(static e => Array.Exists(e.UserIdentityTokens,
            static t => t.TokenType == UserTokenType.UserName && t.SecurityPolicyUri == SecurityPolicy.None.Uri)));
    }

    private static UserTokenPolicy? Password(EndpointDescription endpoint) =>
        endpoint.UserIdentityTokens.FirstOrDefault(static t => t.TokenType == UserTokenType.UserName);
}
