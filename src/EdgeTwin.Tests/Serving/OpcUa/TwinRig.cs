using EdgeTwin.Assets;
using EdgeTwin.Commands;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Serving.OpcUa;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Serving.OpcUa;

/// <summary>A pump's twin in an address space, without a server around it.</summary>
internal sealed class TwinRig : IDisposable, IEventSink
{
    public const string Uri = "urn:edgetwin:asset:acme/north/pump-7";

    public TwinRig(ICommandPort? commands = null)
    {
        Space = Namespace0.Create(Time, new ServerLimits(), "urn:edgetwin:gateway:test");
        TwinNamespaces.LoadInto(Space, Uri);
        Twin = new TwinAddressSpace(Space, new TwinWriter(commands ?? new RefusingCommandPort(), Time), Time);
        Space.Events = this;
    }

    public ManualTimeProvider Time { get; } = new();

    public AddressSpace Space { get; }

    public TwinAddressSpace Twin { get; }

    public List<ServerEvent> Events { get; } = [];

    public static Asset Pump { get; } = Asset.From(new AssetConfig
    {
        Path = "acme/north/pump-7",
        Type = "Pump",
        Manufacturer = "Acme",
        Model = "P-200",
        Serial = "4711",
        YearOfConstruction = 2021,
    });

    public static TagDefinition Tag(
        int id, string name, TagDataType type = TagDataType.Float64, string? unit = null, ValueRange? range = null,
        TagOrigin? origin = null)
    {
        EngineeringUnit? known = null;
        if (unit is not null) Assert.True(EngineeringUnits.TryParse(unit, out known));
        return new TagDefinition
        {
            Id = new TagId(id),
            Name = name,
            Type = type,
            Unit = known,
            Range = range,
            Origin = origin ?? new TagOrigin.Source("plc", "holding:0"),
        };
    }

    public static ServedTwin Of(params TagDefinition[] tags) => new()
    {
        Asset = Pump,
        Tags = tags,
        NamespaceUri = Uri,
        Diagnostics = [new("Sources/plc/State", TagDataType.String, () => TagValue.From("running"), "How it is")],
    };

    /// <summary>A node of the twin by its text id.</summary>
    public Node? Find(string text) => Space.Find(new NodeId(2, text));

    public VariableNode Variable(string text) => Assert.IsType<VariableNode>(Find(text));

    public void Raise(ServerEvent e) => Events.Add(e);

    public void Dispose() => Space.Dispose();
}
