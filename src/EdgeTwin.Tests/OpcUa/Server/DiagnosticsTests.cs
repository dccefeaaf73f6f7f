using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Server;

/// <summary>Diagnostics as nodes: OPC 10000-5 §6.3.3 to 6.3.6.</summary>
public class DiagnosticsTests
{
    [Fact]
    public async Task A_session_has_an_object_while_it_lasts_and_its_parts_tell_of_it()
    {
        await using var rig = new ServerRig(withNodes: true);
        var before = rig.Space.Count;
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        await session.ReadAsync(connection);
        var figures = Assert.IsType<VariableNode>(rig.Space.Resolve(session.Created.SessionId, "SessionDiagnostics"));
        var whole = Structure<SessionDiagnosticsDataType>(figures);
        Assert.Equal(("test", 1u), (whole.SessionName, whole.ReadCount.TotalCount));
        var part = Assert.IsType<VariableNode>(rig.Space.Resolve(figures.Id, "ReadCount"));
        Assert.Equal(1u, Structure<ServiceCounterDataType>(part).TotalCount);
        await connection.AskAsync(new CloseSessionRequest { RequestHeader = session.Header() });
        Assert.Equal(before, rig.Space.Count);
    }

    [Fact]
    public async Task Every_part_of_the_diagnostics_of_a_session_has_a_value()
    {
        await using var rig = new ServerRig(withNodes: true);
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        foreach (var name in new[] { "SessionDiagnostics", "SessionSecurityDiagnostics" })
        {
            var parent = rig.Space.Resolve(session.Created.SessionId, name)!;
            foreach (var reference in parent.References)
            {
                if (!reference.IsInverse && reference.Target is VariableNode part) Assert.NotNull(part.Computed);
            }
        }
    }

    /// <summary>The token is as good as the session itself.</summary>
    [Fact]
    public async Task The_token_is_in_no_diagnostics()
    {
        await using var rig = new ServerRig(withNodes: true);
        var connection = rig.Connect();
        var session = await TestSession.OpenAsync(connection);
        using var buffer = MessageBuffer.Rent(10_000_000);
        foreach (var node in rig.Space.Nodes.OfType<VariableNode>())
            new UaWriter(buffer).WriteVariant(node.Get().Value);
        Assert.Equal(-1, buffer.Written.IndexOf(session.Token.Opaque!));
        Assert.NotEqual(-1, buffer.Written.IndexOf("urn:test:client"u8));
    }

    [Fact]
    public async Task Who_uses_which_security_is_for_administrators()
    {
        await using var rig = new ServerRig(withNodes: true);
        var session = await TestSession.OpenAsync(rig.Connect());
        var security = rig.Space.Resolve(session.Created.SessionId, "SessionSecurityDiagnostics")!;
        var anyone = new Caller(UserIdentity.Anonymous, MessageSecurityMode.SignAndEncrypt);
        var admin = new Caller(
            new UserIdentity(UserKind.UserName, "admin", Roles.SecurityAdmin), MessageSecurityMode.SignAndEncrypt);
        Assert.False(anyone.May(security, PermissionType.Read));
        Assert.True(admin.May(security, PermissionType.Read));
        var flag = rig.Space.Get<Node>(NodeIds.Server_ServerDiagnostics_EnabledFlag);
        Assert.False(anyone.May(flag, PermissionType.Write));
        Assert.True(admin.May(flag, PermissionType.Write));
    }

    [Fact]
    public async Task An_administrator_takes_diagnostics_away_and_brings_them_back()
    {
        await using var rig = new ServerRig(withNodes: true);
        var session = await TestSession.OpenAsync(rig.Connect());
        await SetEnabledAsync(rig, false);
        Assert.Null(rig.Space.Find(session.Created.SessionId));
        var count = rig.Space.Get<VariableNode>(
            NodeIds.Server_ServerDiagnostics_ServerDiagnosticsSummary_CurrentSessionCount);
        Assert.Equal(new StatusCode(StatusCodes.BadOutOfService), count.Get().Status);
        await SetEnabledAsync(rig, true);
        Assert.NotNull(rig.Space.Find(session.Created.SessionId));
        Assert.Equal(1u, count.Get().Value.Get<uint>());
    }

    private static async Task SetEnabledAsync(ServerRig rig, bool enabled)
    {
        var flag = rig.Space.Get<VariableNode>(NodeIds.Server_ServerDiagnostics_EnabledFlag);
        var write = new VariableWrite(
            flag, new DataValue(enabled), null, new DataValue(enabled), UserIdentity.Anonymous);
        Assert.Equal(new StatusCode(StatusCodes.Good), await flag.Writer!.WriteAsync(write, CancellationToken.None));
        Assert.Equal(enabled, flag.Get().Value.Get<bool>());
    }

    private static T Structure<T>(VariableNode node)
        where T : class, IStructure => node.Get().Value.Get<ExtensionObject>()!.As<T>()!;
}
