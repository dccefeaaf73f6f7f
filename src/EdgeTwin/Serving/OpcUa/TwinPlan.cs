using EdgeTwin.Alarms;
using EdgeTwin.Assets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tags;
using UaRange = EdgeTwin.OpcUa.Schema.Range;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>
/// Which nodes a twin has. Ids are texts that follow from the asset's path and the tag's name alone, because SCADA
/// systems bind to them for years:
/// <code>
/// Objects/acme/north/water/line-1/pump-7         s=acme, s=acme/north, … s=acme/north/water/line-1/pump-7
///     flow                                       s=acme/north/water/line-1/pump-7/flow
///         EURange, EngineeringUnits              s=…/pump-7/flow/EURange
///     Identification/SerialNumber                s=…/pump-7/$identification/SerialNumber
///     motor/current                              s=…/pump-7/motor/current
///     motor/Identification                       s=…/pump-7/motor/$identification
///     Components  -HasComponent-> motor          s=…/pump-7/$components (OPC 40001-1 §11)
///     Models/condition  -HasComponent-> condition.score       s=…/pump-7/$models/condition
///     Alarms/anomaly                             s=…/pump-7/alarm.anomaly
/// Objects/Machines                               also organizes the asset (OPC 40001-1 §11)
/// Objects/Gateway/Sources/plc/State              s=$gateway/Sources/plc/State
/// Server/Namespaces/urn:…                        s=$namespace (OPC 10000-5 §6.3.13)
/// </code>
/// Names of tags and parts have neither / nor $, and none is that of both, so nothing can collide. A tag is always a
/// component of its asset or of the part that it names; a model and the folder of alarms refer to theirs besides.
/// </summary>
internal sealed class TwinPlan
{
    private readonly Dictionary<NodeId, PlannedNode> nodes = [];
    private readonly List<PlannedNode> order = [];
    private readonly TwinNamespaces namespaces;
    private readonly string asset;

    private TwinPlan(TwinNamespaces namespaces, AssetPath path) => (this.namespaces, asset) = (namespaces, path.Text);

    /// <summary>Each node after its parent.</summary>
    public IReadOnlyList<PlannedNode> Nodes => order;

    public PlannedNode? Find(NodeId id) => nodes.GetValueOrDefault(id);

    public static TwinPlan Of(ServedTwin twin, TwinNamespaces namespaces)
    {
        var plan = new TwinPlan(namespaces, twin.Asset.Path);
        plan.AddMetadata(twin.NamespaceUri);
        plan.AddAsset(twin.Asset);
        foreach (var part in twin.Asset.Components) plan.AddComponent(part);
        var tags = twin.Tags.Where(tag => tag.Origin is not TagOrigin.Retired).ToList();
        var models = tags.Select(tag => tag.Origin).OfType<TagOrigin.Model>().Select(origin => origin.Name).Distinct();
        foreach (var model in models) plan.AddModel(model);
        if (tags.Exists(tag => tag.Origin is TagOrigin.Alarm))
            plan.AddFolder(plan.Below("$alarms"), "Alarms", plan.asset);
        foreach (var tag in tags) plan.AddTag(tag);
        if (twin.Diagnostics.Count > 0) plan.AddDiagnostics(twin.Diagnostics);
        return plan;
    }

    private string Below(string name) => $"{asset}/{name}";

    private void AddAsset(Asset machine)
    {
        var segments = machine.Path.Segments;
        NodeId parent = NodeIds.ObjectsFolder;
        for (var i = 0; i < segments.Count - 1; i++)
        {
            var folder = Node(string.Join('/', segments.Take(i + 1)), segments[i], parent, NodeIds.Organizes,
                NodeIds.FolderType);
            Add(folder with { Description = Text($"ISA-95 {machine.Path.LevelOf(i)}") });
            parent = folder.Id;
        }

        Add(Node(asset, machine.Path.Name, parent, NodeIds.Organizes, NodeIds.BaseObjectType) with
        {
            DisplayName = Text(machine.DisplayName),
            Description = machine.Config.Type is { } type ? Text(type) : default,
            AlsoFrom = namespaces.Machines is { } machines ? [(machines, NodeIds.Organizes)] : [],
        });
        AddNameplate(asset, namespaces.MachineIdentificationType, Nameplate.Of(machine));
    }

    private void AddComponent(Component part)
    {
        var list = Below("$components");
        if (namespaces.Machines is not null && Find(Id(list)) is null)
        {
            Add(Node(list, "Components", Id(asset), NodeIds.HasAddIn, namespaces.MachineComponentsType) with
            {
                Name = new QualifiedName(namespaces.Machinery, "Components"),
            });
        }

        var id = Below(part.Name);
        Add(Node(id, part.Name, Id(asset), NodeIds.HasComponent, NodeIds.BaseObjectType) with
        {
            DisplayName = Text(part.DisplayName),
            Description = (part.Config.Description ?? part.Config.Type) is { } text ? Text(text) : default,
            AlsoFrom = namespaces.Machines is null ? [] : [(Id(list), NodeIds.HasComponent)],
        });
        AddNameplate(id, namespaces.ComponentIdentificationType, Nameplate.Of(part));
    }

    private void AddNameplate(string owner, NodeId type, IEnumerable<NameplateEntry> entries)
    {
        if (namespaces.Machines is null) return;
        var plate = Node($"{owner}/$identification", "Identification", Id(owner), NodeIds.HasAddIn, type) with
        { Name = new QualifiedName(namespaces.DeviceIntegration, "Identification") };
        Add(plate);
        foreach (var entry in entries) AddProperty(plate, entry);
    }

    private void AddMetadata(string uri)
    {
        Add(Node("$namespace", uri, NodeIds.Server_Namespaces, NodeIds.HasComponent, NodeIds.NamespaceMetadataType));
        foreach (var (name, dataType, value, isArray) in NamespaceMetadata.Of(uri))
            AddProperty("$namespace", name, dataType, value, name, isArray);
    }

    private void AddProperty(PlannedNode plate, NameplateEntry entry) => Add(
        Node($"{plate.Id.Text}/{entry.Name}", entry.Name, plate.Id, NodeIds.HasProperty, NodeIds.PropertyType) with
        {
            Name = new QualifiedName(
                entry.IsMachinery ? namespaces.Machinery : namespaces.DeviceIntegration, entry.Name),
            DataType = (uint)entry.Value.Type,
            Fixed = entry.IsKnown ? new DataValue(entry.Value) : new DataValue(StatusCodes.BadNoData),
            FixedText = entry.IsKnown ? entry.Value.ToString() : null,
        });

    private void AddModel(string name)
    {
        var folder = AddFolder(Below("$models"), "Models", asset);
        Add(Node(Below($"$models/{name}"), name, folder, NodeIds.HasComponent, NodeIds.BaseObjectType) with
        {
            Description = Text("A model; its outputs are tags of the machine"),
        });
    }

    private void AddTag(TagDefinition tag)
    {
        var owner = tag.Component is { } part ? Below(part) : asset;
        var id = $"{owner}/{tag.Name}";
        var also = tag.Origin switch
        {
            // The model that makes it, both ways: as its component, and for whoever stands at the tag.
            TagOrigin.Model model => ((NodeId, NodeId)[])
                [(Id(Below($"$models/{model.Name}")), NodeIds.HasComponent),
                (Id(Below($"$models/{model.Name}")), NodeIds.AssociatedWith)],
            TagOrigin.Alarm => [(Id(Below("$alarms")), NodeIds.Organizes)],
            _ => [],
        };
        Add(Node(id, tag.Name, Id(owner), NodeIds.HasComponent, TypeOf(tag)) with
        {
            // A discrete variable is of an unsigned type (OPC 10000-8 §5.3.3.3).
            DataType = tag.Origin is TagOrigin.Alarm ? NodeIds.UInt32 : (uint)tag.Type,
            DisplayName = Text(tag.Origin is TagOrigin.Alarm alarm ? alarm.Name : tag.Name),
            Description = DescriptionOf(tag),
            Tag = tag,
            AlsoFrom = also,
        });
        if (tag.Range is { } range)
            AddProperty(id, "EURange", NodeIds.Range, Variant.Of(new UaRange { Low = range.Low, High = range.High }),
                range.ToString());
        if (tag.Unit is { } unit)
            AddProperty(id, "EngineeringUnits", NodeIds.EUInformation, Variant.Of(EngineeringUnitInfo.Of(unit)),
                unit.Symbol);
        if (tag.Type == TagDataType.Bool)
        {
            AddProperty(id, "FalseState", NodeIds.LocalizedText, Text("false"), "false");
            AddProperty(id, "TrueState", NodeIds.LocalizedText, Text("true"), "true");
        }

        if (tag.Origin is TagOrigin.Alarm)
        {
            var names = Enum.GetValues<AlarmState>().Select(state => Text(Diagnostics.Spelling.Of(state))).ToArray();
            AddProperty(id, "EnumStrings", NodeIds.LocalizedText, Variant.Of(names), "AlarmState", isArray: true);
        }
    }

    private void AddProperty(
        string owner, string name, NodeId dataType, Variant value, string text, bool isArray = false) => Add(
        Node($"{owner}/{name}", name, Id(owner), NodeIds.HasProperty, NodeIds.PropertyType) with
        {
            Name = new QualifiedName(0, name),
            DataType = dataType,
            IsArray = isArray,
            Fixed = new DataValue(value),
            FixedText = text,
        });

    private void AddDiagnostics(IReadOnlyList<DiagnosticItem> items)
    {
        Add(Node("$gateway", "Gateway", NodeIds.ObjectsFolder, NodeIds.Organizes, NodeIds.BaseObjectType) with
        {
            Description = Text("How the gateway itself is"),
        });
        foreach (var item in items)
        {
            var names = item.Path.Split('/');
            var at = "$gateway";
            for (var i = 0; i < names.Length - 1; i++)
            {
                var next = $"{at}/{names[i]}";
                if (Find(Id(next)) is null)
                    Add(Node(next, names[i], Id(at), NodeIds.HasComponent, NodeIds.BaseObjectType));
                at = next;
            }

            Add(Node($"{at}/{names[^1]}", names[^1], Id(at), NodeIds.HasComponent, NodeIds.BaseDataVariableType) with
            {
                DataType = (uint)item.Type,
                Description = item.Description is { } text ? Text(text) : default,
                Diagnostic = item,
            });
        }
    }

    private NodeId AddFolder(string id, string name, string parent)
    {
        if (Find(Id(id)) is null) Add(Node(id, name, Id(parent), NodeIds.Organizes, NodeIds.FolderType));
        return Id(id);
    }

    private PlannedNode Node(string id, string name, NodeId parent, NodeId reference, NodeId type) => new()
    {
        Id = Id(id),
        Parent = parent,
        Reference = reference,
        Type = type,
        Name = new QualifiedName(namespaces.Twin, name),
        DisplayName = Text(name),
    };

    private void Add(PlannedNode node)
    {
        nodes.Add(node.Id, node);
        order.Add(node);
    }

    private NodeId Id(string text) => new(namespaces.Twin, text);

    private static LocalizedText Text(string text) => new(null, text);

    private static LocalizedText DescriptionOf(TagDefinition tag) => tag switch
    {
        { Description: { } written } => Text(written),
        { Origin: TagOrigin.Derived derived } => Text($"computed: {derived.Expression}"),
        { Origin: TagOrigin.Model model } => Text($"output '{model.Output}' of model '{model.Name}'"),
        { Origin: TagOrigin.Alarm alarm } => Text($"state of alarm '{alarm.Name}'"),
        _ => default,
    };

    // OPC 10000-8 §5.3: what has a unit or a range is analog; clients find the deadband's range by these types.
    private static NodeId TypeOf(TagDefinition tag) => tag switch
    {
        { Origin: TagOrigin.Alarm } => NodeIds.MultiStateDiscreteType,
        { Type: TagDataType.Bool } => NodeIds.TwoStateDiscreteType,
        { Type: TagDataType.String } => NodeIds.BaseDataVariableType,
        { Unit: not null, Range: not null } => NodeIds.AnalogUnitRangeType,
        { Unit: not null } => NodeIds.AnalogUnitType,
        { Range: not null } => NodeIds.AnalogItemType,
        { Type: TagDataType.Float32 or TagDataType.Float64 } => NodeIds.BaseAnalogType,
        _ => NodeIds.BaseDataVariableType,
    };
}
