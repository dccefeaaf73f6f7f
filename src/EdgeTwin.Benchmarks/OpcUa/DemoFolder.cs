using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;
using UaRange = EdgeTwin.OpcUa.Schema.Range;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>A node of every kind that a client may want to try: the folder <c>Demo</c>.</summary>
internal sealed class DemoFolder
{
    private static readonly int[] FirstArray = [1, 2, 3, 4, 5];
    private static readonly double[] FirstMatrix = [1, 2, 3, 4, 5, 6];
    private readonly AddressSpace space;
    private readonly ushort index;
    private readonly TimeProvider time;
    private readonly VariableNode ramp;
    private readonly ObjectNode ticker;

    public DemoFolder(AddressSpace space, ushort index, TimeProvider time)
    {
        (this.space, this.index, this.time) = (space, index, time);
        using var change = space.BeginChange();
        space.Add(
            new ObjectNode(Id("Demo"), Name("Demo")), NodeIds.ObjectsFolder, NodeIds.Organizes, NodeIds.FolderType);
        AddScalars();
        Writable("Array", NodeIds.Int32, Variant.Of(FirstArray), rank: 1, 5);
        Writable("Matrix", NodeIds.Double, Variant.Of(new Matrix(FirstMatrix, 2, 3)), rank: 2, 2, 3);
        Variable("ReadOnly", NodeIds.Double, 42.0);
        AddAnalog();
        ramp = Variable("Ramp", NodeIds.Double, 0.0);
        AddMethod();
        ticker = AddTicker();
    }

    /// <summary>Gives the ramp its next value.</summary>
    public void MoveRamp(long tick) => Set(ramp, (tick % 1000) * 0.1);

    private NodeId Id(string name) => new(index, name);

    private QualifiedName Name(string name) => new(index, name);

    private void AddScalars()
    {
        Writable("Boolean", NodeIds.Boolean, true);
        Writable("SByte", NodeIds.SByte, (sbyte)-8);
        Writable("Byte", NodeIds.Byte, (byte)8);
        Writable("Int16", NodeIds.Int16, (short)-16);
        Writable("UInt16", NodeIds.UInt16, (ushort)16);
        Writable("Int32", NodeIds.Int32, -32);
        Writable("UInt32", NodeIds.UInt32, 32u);
        Writable("Int64", NodeIds.Int64, -64L);
        Writable("UInt64", NodeIds.UInt64, 64ul);
        Writable("Float", NodeIds.Float, 1.5f);
        Writable("Double", NodeIds.Double, 2.5);
        Writable("String", NodeIds.String, "text");
        Writable("DateTime", NodeIds.DateTime, new DateTime(2024, 2, 29, 12, 0, 0, DateTimeKind.Utc));
        Writable("Guid", NodeIds.Guid, new Guid("72962b91-fa75-4ae6-8d28-b404dc7daf63"));
        Writable("ByteString", NodeIds.ByteString, new byte[] { 1, 2, 3 });
        Writable("XmlElement", NodeIds.XmlElement, new XmlElement("<a>1</a>"));
        Writable("NodeId", NodeIds.NodeId, Id("Demo"));
        Writable("ExpandedNodeId", NodeIds.ExpandedNodeId, new ExpandedNodeId(Id("Demo"), null, 0));
        Writable("StatusCode", NodeIds.StatusCode, new StatusCode(StatusCodes.BadNoCommunication));
        Writable("QualifiedName", NodeIds.QualifiedName, Name("name"));
        Writable("LocalizedText", NodeIds.LocalizedText, new LocalizedText("en", "text"));
        Writable("ExtensionObject", NodeIds.Structure, Variant.Of(new UaRange { Low = 0, High = 1 }));
        Writable("Variant", NodeIds.BaseDataType, 1.0);
    }

    private void AddAnalog()
    {
        var analog = Writable("Analog", NodeIds.Double, 20.0, type: NodeIds.AnalogItemType);
        Property(analog, "EURange", NodeIds.Range, Variant.Of(new UaRange { Low = 0, High = 200 }));
        Property(analog, "EngineeringUnits", NodeIds.EUInformation, Variant.Of(new EUInformation
        {
            NamespaceUri = "http://www.opcfoundation.org/UA/units/un/cefact",
            UnitId = 4408652, // "CEL": the characters as big-endian numbers (OPC 10000-8 §5.6.3)
            DisplayName = "°C",
            Description = "degree Celsius",
        }));
    }

    private void AddMethod()
    {
        var add = space.Add(
            new MethodNode(Id("Add"), Name("Add")) { Handler = static (call, _) => new(Add(call)) }, Id("Demo"),
            NodeIds.HasComponent);
        Property(add, "InputArguments", NodeIds.Argument, Variant.OfStructures([Argument("a"), Argument("b")]), 1);
        Property(add, "OutputArguments", NodeIds.Argument, Variant.OfStructures([Argument("sum")]), 1);
    }

    private static CallResult Add(MethodCall call) =>
        CallResult.Good(call.Arguments[0].Get<double>() + call.Arguments[1].Get<double>());

    private static Argument Argument(string name) => new() { Name = name, DataType = NodeIds.Double, ValueRank = -1 };

    private ObjectNode AddTicker()
    {
        var node = space.Add(
            new ObjectNode(Id("Ticker"), Name("Ticker")) { EventNotifier = EventNotifierType.SubscribeToEvents },
            Id("Demo"), NodeIds.HasComponent);
        space.AddReference(NodeIds.Server, NodeIds.HasNotifier, node.Id);
        return node;
    }

    /// <summary>Raises the event.</summary>
    public void Raise(long tick) => space.Events?.Raise(new ServerEvent
    {
        EventType = NodeIds.BaseEventType,
        SourceNode = ticker.Id,
        SourceName = "Ticker",
        Time = time.GetUtcNow().UtcDateTime,
        Message = $"tick {tick}",
        Severity = (ushort)(1 + (tick % 1000)),
    });

    private VariableNode Writable(
        string name, NodeId dataType, Variant value, int rank = -1, params uint[] dimensions) =>
        Writable(name, dataType, value, NodeId.Null, rank, dimensions);

    private VariableNode Writable(
        string name, NodeId dataType, Variant value, NodeId type, int rank = -1, params uint[] dimensions)
    {
        var variable = Variable(name, dataType, value, type);
        variable.AccessLevel |= AccessLevelExType.CurrentWrite;
        variable.ValueRank = rank;
        variable.ArrayDimensions = dimensions is [] ? null : dimensions;
        return variable;
    }

    private VariableNode Variable(string name, NodeId dataType, Variant value, NodeId type = default)
    {
        var variable = new VariableNode(Id(name), Name(name)) { DataType = dataType };
        Set(variable, value);
        return space.Add(variable, Id("Demo"), NodeIds.HasComponent, type);
    }

    private void Property(Node parent, string name, NodeId dataType, Variant value, int rank = -1)
    {
        var property = new VariableNode(Id($"{parent.BrowseName.Name}.{name}"), new QualifiedName(0, name))
        {
            DataType = dataType,
            ValueRank = rank,
        };
        Set(property, value);
        space.Add(property, parent.Id, NodeIds.HasProperty);
    }

    private void Set(VariableNode variable, in Variant value)
    {
        var now = time.GetUtcNow().UtcDateTime;
        variable.Set(new DataValue(value, default, now, now));
    }
}
