using System.Net;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Sources.OpcUa;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Sources.OpcUa;

/// <summary>A machine with an OPC UA server of ours: Objects/Plant/{Flow, Speed, Run, Name, Still}; all but Still
/// change every 20 ms.</summary>
internal sealed class OpcUaTestServer : IAsyncDisposable
{
    public const string Uri = "urn:test:plant";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly OpcUaServer server;
    private readonly CancellationTokenSource stop = new();
    private readonly List<(VariableNode Node, Func<int, Variant> Value)> changing = [];
    private Task moving = Task.CompletedTask;

    private OpcUaTestServer(int port, int namespacesBefore)
    {
        server = new OpcUaServer(
            new OpcUaServerOptions
            {
                ApplicationName = "plant",
                ApplicationUri = "urn:test:server",
                BindAddress = IPAddress.Loopback,
                HostNames = ["127.0.0.1"],
                Port = port,
                Security = [EndpointSecurity.None],
                Users = new UserTable([], Roles.Observer | Roles.Operator),
            }, TimeProvider.System, NullLogger.Instance);
        for (var i = 0; i < namespacesBefore; i++) server.AddressSpace.Namespaces.Add($"urn:test:other{i}");
        var ns = server.AddressSpace.Namespaces.Add(Uri);
        var plant = server.AddressSpace.Add(
            new ObjectNode(new NodeId(ns, "Plant"), new QualifiedName(ns, "Plant")), NodeIds.ObjectsFolder,
            NodeIds.Organizes);
        Add(plant, ns, "Flow", NodeIds.Double, i => i + 0.5);
        Add(plant, ns, "Speed", NodeIds.Int16, i => (short)(i % 1000));
        Add(plant, ns, "Run", NodeIds.Boolean, i => i % 2 == 0);
        Add(plant, ns, "Name", NodeIds.String, i => $"batch {i}");
        Still = Add(plant, ns, "Still", NodeIds.Double, null);
        Still.AccessLevel |= AccessLevelExType.CurrentWrite;
        Still.Set(new DataValue(42.0, default, Now, Now));
        Move(0);
    }

    /// <summary>A value that nobody changes; writable.</summary>
    public VariableNode Still { get; }

    public Uri Endpoint => new($"opc.tcp://127.0.0.1:{server.LocalEndPoint!.Port}");

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>Starts one; its namespace has another index for another number of namespaces before it.</summary>
    public static async Task<OpcUaTestServer> StartAsync(int port = 0, int namespacesBefore = 0)
    {
        var peer = new OpcUaTestServer(port, namespacesBefore);
        await peer.server.StartAsync();
        peer.moving = peer.MoveAsync();
        return peer;
    }

    public OpcUaSourceConfig Config(OpcUaReading reading) => new()
    {
        Driver = "opcua",
        Endpoint = Endpoint,
        Policy = "None",
        Reading = reading,
        Scan = TimeSpan.FromMilliseconds(20),
        Publishing = TimeSpan.FromMilliseconds(50),
        KeepAlive = TimeSpan.FromSeconds(1),
    };

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await moving;
        await server.DisposeAsync();
        stop.Dispose();
    }

    private VariableNode Add(ObjectNode plant, ushort ns, string name, uint type, Func<int, Variant>? value)
    {
        var node = server.AddressSpace.Add(
            new VariableNode(new NodeId(ns, $"Plant.{name}"), new QualifiedName(ns, name)) { DataType = type },
                plant.Id,
            NodeIds.HasComponent);
        if (value is not null) changing.Add((node, value));
        return node;
    }

    private void Move(int turn)
    {
        foreach (var (node, value) in changing) node.Set(new DataValue(value(turn), default, Now, Now));
    }

    private async Task MoveAsync()
    {
        try
        {
            for (var turn = 1; ; turn++)
            {
                await Task.Delay(Period, TimeProvider.System, stop.Token);
                Move(turn);
            }
        }
        catch (OperationCanceledException)
        {
            // The machine is switched off.
        }
    }
}
