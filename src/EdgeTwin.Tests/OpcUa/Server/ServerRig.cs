using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Server.Diagnostics;
using EdgeTwin.OpcUa.Server.Discovery;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.OpcUa.Certificates;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.OpcUa.Server;

/// <summary>Sessions, users, discovery and dispatch of a server, with neither socket nor nodes; Read answers nothing,
/// Call goes on
/// until <see cref="Handler"/> ends.</summary>
internal sealed class ServerRig : IAsyncDisposable
{
    public const string ApplicationUri = "urn:test:server";
    public const string EndpointUrl = "opc.tcp://plant.example:4840";

    // One own certificate for all tests: making a key takes long.
    private static readonly Lazy<string> SharedPki = new(
        static () => Directory.CreateTempSubdirectory("rig-pki-").FullName);
    private static readonly UserTable TwoUsers = new(
        [
            new User("user1", PasswordHash.Of("pass1"u8), Roles.Operator),
            new User("user2", PasswordHash.Of("pass2"u8), Roles.Operator),
        ],
        Roles.Observer, Roles.Operator);

    private readonly LogonService logons;
    private readonly AddressSpace space;
    private uint lastChannel;

    public ServerRig(Func<OpcUaServerOptions, OpcUaServerOptions>? change = null, bool withNodes = false)
    {
        var options = new OpcUaServerOptions
        {
            ApplicationName = "Test",
            ApplicationUri = ApplicationUri,
            HostNames = ["plant.example"],
            PkiFolder = SharedPki.Value,
            AcceptAnyClientCertificate = true,
            Security = [EndpointSecurity.None, .. EndpointSecurity.AllSecure],
            Users = TwoUsers,
        };
        Options = change?.Invoke(options) ?? options;
        space = withNodes ? Namespace0.Create(Time, Options.Limits, ApplicationUri) : new AddressSpace(Time);
        Security = new ServerSecurity(Options, Time, Log);
        Endpoints = new EndpointCatalog(Options, Security);
        logons = new LogonService(Options.Users, Security.Users, Time, Log);
        Sessions = new SessionManager(new SessionTable(Options.Sessions), Log);
        Subscriptions = new SubscriptionManager(new SubscriptionLimits(), Time, new EventHub(space), Log);
        Sessions.Add(Subscriptions);
        Failures = new FailureLog(Log);
        Services = new ServiceTable();
        new DiscoveryService(Endpoints, Options).Register(Services);
        var creation = new SessionCreation(Options, Security, Endpoints, Sessions.Table);
        var activation = new SessionActivation(Security, Endpoints, logons, Sessions);
        new SessionService(creation, activation, Sessions, Subscriptions, Time).Register(Services);
        Services.AddInline(ReadRequest.EncodingId, ReadResponse.EncodingId, "Read", Read);
        Services.Add<CallRequest>(CallRequest.EncodingId, "Call", (_, context) => new(Handler(context)));
        Dispatcher = new RequestDispatcher(Services, Sessions, EncodingLimits.Default, Time, Failures);
        if (withNodes) Sessions.Add(Diagnostics = new DiagnosticsNodes(space, Sessions, Subscriptions, Failures, Time));
    }

    public ManualTimeProvider Time { get; } = new(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    public CollectingLogger Log { get; } = new();

    public OpcUaServerOptions Options { get; }

    public ServerSecurity Security { get; }

    public EndpointCatalog Endpoints { get; }

    public SessionManager Sessions { get; }

    public SubscriptionManager Subscriptions { get; }

    public FailureLog Failures { get; }

    public ServiceTable Services { get; }

    public RequestDispatcher Dispatcher { get; }

    public DiagnosticsNodes? Diagnostics { get; }

    public AddressSpace Space => space;

    /// <summary>What Call does.</summary>
    public Func<RequestContext, Task<IServiceResponse>> Handler { get; set; } =
        static _ => Task.FromResult<IServiceResponse>(new CallResponse());

    /// <summary>Bytes that Read answers with, beside its head.</summary>
    public int ReadBytes { get; set; }

    /// <summary>A channel of a client; the same client each time unless another certificate is given.</summary>
    public FakeConnection Connect(
        string policy = "None", MessageSecurityMode mode = MessageSecurityMode.None, OwnCertificate? client = null,
        int limit = 100_000)
    {
        var chosen = SecurityPolicy.ByName(policy)!;
        if (!chosen.IsSecure)
            return new FakeConnection(this, new ChannelInfo(++lastChannel, chosen, mode, null, null, EndpointUrl),
                null, limit);
        client ??= ClientCertificate();
        var peer = PeerCertificate.Read(client.Chain, chosen);
        return new FakeConnection(this, new ChannelInfo(
            ++lastChannel, chosen, mode, peer, Security.CertificateFor(chosen), EndpointUrl), client, limit);
    }

    public static OwnCertificate ClientCertificate(string uri = "urn:test:client", int key = 4)
    {
        var certificate = TestAuthority.SelfSigned(c => (c.Uri, c.Key) = (uri, TestAuthority.SharedKey(key)));
        return new OwnCertificate(certificate.HasPrivateKey
            ? certificate : certificate.CopyWithPrivateKey(TestAuthority.SharedKey(key)));
    }

    /// <summary>Time passes, and the server looks after its deadlines.</summary>
    public void Pass(TimeSpan time)
    {
        Time.Advance(time);
        Sessions.Sweep(Time.Elapsed.Ticks);
    }

    public async ValueTask DisposeAsync()
    {
        await Sessions.CloseAllAsync();
        await Subscriptions.DisposeAsync();
        logons.Dispose();
        Security.Dispose();
        space.Dispose();
    }

    private Task<IServiceResponse>? Read(ref UaReader request, RequestContext context, ref UaWriter response)
    {
        for (var i = 0; i < ReadBytes; i++) response.WriteByte(0);
        response.WriteInt32(-1);
        response.WriteInt32(-1);
#pragma warning disable MA0022 // null says that the answer is written
        return null;
#pragma warning restore MA0022
    }
}
