using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Serving.OpcUa;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;
using TagStatus = EdgeTwin.Tags.StatusCode;
using UaRange = EdgeTwin.OpcUa.Schema.Range;

namespace EdgeTwin.Tests.Serving.OpcUa;

public sealed class TwinAddressSpaceTests : IDisposable
{
    private const string Pump = "acme/north/pump-7";
    private static readonly TagDefinition Flow =
        TwinRig.Tag(0, "flow", TagDataType.Float32, "L/min", new ValueRange(0, 130));

    private readonly TwinRig rig = new();

    public void Dispose() => rig.Dispose();

    // SCADA systems bind to these for years. A change here breaks every plant that upgrades.
    [Fact]
    public void Node_ids_are_what_they_always_were()
    {
        rig.Twin.Apply(TwinRig.Of(
            Flow,
            TwinRig.Tag(1, "condition.score", origin: new TagOrigin.Model("condition", "score")),
            TwinRig.Tag(2, "alarm.low", TagDataType.Int32, origin: new TagOrigin.Alarm("low")),
            TwinRig.Tag(3, "run", TagDataType.Bool)));
        Assert.Equal(TwinRig.Uri, rig.Space.Namespaces.Uris[2]);
        Assert.All(
            (string[])
            [
                "acme", "acme/north", Pump, $"{Pump}/flow", $"{Pump}/flow/EURange", $"{Pump}/flow/EngineeringUnits",
                $"{Pump}/condition.score", $"{Pump}/$models", $"{Pump}/$models/condition", $"{Pump}/alarm.low",
                $"{Pump}/$alarms", $"{Pump}/alarm.low/EnumStrings", $"{Pump}/run", $"{Pump}/run/TrueState",
                $"{Pump}/run/FalseState", $"{Pump}/$identification", $"{Pump}/$identification/SerialNumber",
                "$gateway", "$gateway/Sources", "$gateway/Sources/plc", "$gateway/Sources/plc/State",
            ],
            id => Assert.True(rig.Find(id) is not null, id));
    }

    [Fact]
    public void The_asset_is_below_its_plant_and_below_Machines()
    {
        rig.Twin.Apply(TwinRig.Of(Flow));
        var asset = rig.Find(Pump);
        Assert.Same(asset, rig.Space.Resolve(
            NodeIds.ObjectsFolder, new QualifiedName(2, "acme"), new QualifiedName(2, "north"),
            new QualifiedName(2, "pump-7")));
        var machinery = (ushort)rig.Space.Namespaces.IndexOf("http://opcfoundation.org/UA/Machinery/");
        Assert.Same(asset, rig.Space.Resolve(
            NodeIds.ObjectsFolder, new QualifiedName(machinery, "Machines"), new QualifiedName(2, "pump-7")));
    }

    [Fact]
    public void The_nameplate_says_what_the_configuration_says()
    {
        rig.Twin.Apply(TwinRig.Of(Flow));
        var machinery = (ushort)rig.Space.Namespaces.IndexOf("http://opcfoundation.org/UA/Machinery/");
        var plate = rig.Find($"{Pump}/$identification")!;
        Assert.Equal(new NodeId(machinery, 1012), plate.TypeDefinition!.Id);
        Assert.Equal("4711", rig.Variable($"{Pump}/$identification/SerialNumber").Get().Value.Get<string>());
        Assert.Equal("Acme",
            rig.Variable($"{Pump}/$identification/Manufacturer").Get().Value.Get<LocalizedText>().Text);
        Assert.Equal("urn:Acme:P-200:4711",
            rig.Variable($"{Pump}/$identification/ProductInstanceUri").Get().Value.Get<string>());
        Assert.Equal((ushort)2021,
            rig.Variable($"{Pump}/$identification/YearOfConstruction").Get().Value.Get<ushort>());
    }

    [Theory]
    [InlineData(TagDataType.Float64, "bar", true, NodeIds.AnalogUnitRangeType)]
    [InlineData(TagDataType.Float64, "bar", false, NodeIds.AnalogUnitType)]
    [InlineData(TagDataType.Int32, null, true, NodeIds.AnalogItemType)]
    [InlineData(TagDataType.Float32, null, false, NodeIds.BaseAnalogType)]
    [InlineData(TagDataType.UInt16, null, false, NodeIds.BaseDataVariableType)]
    [InlineData(TagDataType.Bool, null, false, NodeIds.TwoStateDiscreteType)]
    [InlineData(TagDataType.String, null, false, NodeIds.BaseDataVariableType)]
    public void A_tag_has_the_variable_type_that_fits(object dataType, string? unit, bool hasRange, uint expected)
    {
        var type = (TagDataType)dataType;
        var range = hasRange ? (ValueRange?)new ValueRange(0, 10) : null;
        rig.Twin.Apply(TwinRig.Of(TwinRig.Tag(0, "x", type, unit, range)));
        var variable = rig.Variable($"{Pump}/x");
        Assert.Equal(((NodeId)expected, (NodeId)(uint)type), (variable.TypeDefinition!.Id, variable.DataType));
        Assert.Equal((hasRange, unit is not null),
            (rig.Find($"{Pump}/x/EURange") is not null, rig.Find($"{Pump}/x/EngineeringUnits") is not null));
    }

    [Fact]
    public void Units_are_known_by_their_UNECE_codes()
    {
        rig.Twin.Apply(TwinRig.Of(TwinRig.Tag(0, "t", unit: "°C"), TwinRig.Tag(1, "strange", unit: "bar/K")));
        var celsius =
            (EUInformation)rig.Variable($"{Pump}/t/EngineeringUnits").Get().Value.Get<ExtensionObject>()!.Body!;
        // OPC 10000-8 §5.6.4.3: CEL is 4408652 in the table of the specification.
        Assert.Equal((4408652, "°C"), (celsius.UnitId, celsius.DisplayName.Text));
        var strange =
            (EUInformation)rig.Variable($"{Pump}/strange/EngineeringUnits").Get().Value.Get<ExtensionObject>()!.Body!;
        Assert.Equal((-1, "bar/K"), (strange.UnitId, strange.DisplayName.Text));
    }

    [Theory]
    [InlineData(0x00000000u)]
    [InlineData(0x40940000u)]
    [InlineData(0x80310000u)]
    public void A_sample_arrives_with_its_quality_and_both_times_as_they_are(uint code)
    {
        rig.Twin.Apply(TwinRig.Of(Flow));
        Assert.Equal((EdgeTwin.OpcUa.Types.StatusCode)StatusCodes.BadWaitingForInitialData,
            rig.Variable($"{Pump}/flow").Get().Status);
        var at = new DateTime(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc).AddTicks(1234567);
        var status = new TagStatus(code);
        var value = status.IsBad ? TagValue.None : TagValue.From(42.5f);
        rig.Twin.Set([new Sample(Flow.Id, value, status, at, at.AddMilliseconds(3), ClockState.Synchronised)]);
        var read = rig.Variable($"{Pump}/flow").Get();
        Assert.Equal(
            (code, at, at.AddMilliseconds(3)), (read.Status.Value, read.SourceTimestamp, read.ServerTimestamp));
        Assert.Equal(status.IsBad ? (float?)null : 42.5f, read.Value.TryGet<float>(out var number) ? number : null);
    }

    [Fact]
    public void Every_data_type_keeps_its_value_bit_for_bit()
    {
        TagValue[] values =
        [
            TagValue.From(true), TagValue.From((sbyte)-1), TagValue.From(byte.MaxValue), TagValue.From(short.MinValue),
            TagValue.From(ushort.MaxValue), TagValue.From(int.MinValue), TagValue.From(uint.MaxValue),
            TagValue.From(long.MaxValue), TagValue.From(ulong.MaxValue), TagValue.From(-0.0f),
            TagValue.From(double.NaN), TagValue.From("pump"),
        ];
        Assert.All(values, value =>
        {
            var variant = TagVariant.From(value);
            Assert.Equal((byte)value.Type, (byte)variant.Type);
            Assert.True(TagVariant.TryTo(variant, value.Type, out var back));
            Assert.Equal(value, back);
        });
        Assert.True(TagVariant.From(TagValue.None).IsNull);
    }

    [Fact]
    public void A_models_output_refers_to_its_model_and_an_alarm_is_one_of_six_states()
    {
        var alarm = TwinRig.Tag(1, "alarm.low", TagDataType.Int32, origin: new TagOrigin.Alarm("low"));
        rig.Twin.Apply(TwinRig.Of(
            TwinRig.Tag(0, "condition.score", origin: new TagOrigin.Model("condition", "score")), alarm));
        var model = rig.Find($"{Pump}/$models/condition")!;
        Assert.True(HasReference(model, NodeIds.HasComponent, rig.Find($"{Pump}/condition.score")!));
        Assert.True(HasReference(model, NodeIds.AssociatedWith, rig.Find($"{Pump}/condition.score")!));

        var at = rig.Time.GetUtcNow().UtcDateTime;
        rig.Twin.Set([new Sample(alarm.Id, TagValue.From(2), TagStatus.Good, at, at, ClockState.Synchronised)]);
        var state = rig.Variable($"{Pump}/alarm.low");
        Assert.Equal((NodeId)NodeIds.MultiStateDiscreteType, state.TypeDefinition!.Id);
        Assert.Equal(2u, state.Get().Value.Get<uint>());
        var names = rig.Variable($"{Pump}/alarm.low/EnumStrings").Get().Value.Get<LocalizedText[]>()!;
        Assert.Equal("active-acknowledged", names[2].Text);
    }

    [Fact]
    public void No_tag_is_writable_until_something_guards_writes()
    {
        rig.Twin.Apply(TwinRig.Of(Flow));
        var flow = rig.Variable($"{Pump}/flow");
        Assert.Equal(AccessLevelExType.CurrentRead, flow.AccessLevel);
        Assert.Null(flow.Writer);
    }

    [Fact]
    public void Diagnostics_are_read_when_somebody_asks()
    {
        rig.Twin.Apply(TwinRig.Of(Flow));
        var state = rig.Variable("$gateway/Sources/plc/State").Get();
        Assert.Equal(("running", true), (state.Value.Get<string>(), state.Status.IsGood));
    }

    [Fact]
    public void A_changed_configuration_changes_what_it_changes_and_tells_clients_once()
    {
        rig.Twin.Apply(TwinRig.Of(Flow, TwinRig.Tag(1, "gone")));
        var kept = rig.Variable($"{Pump}/flow");
        var at = rig.Time.GetUtcNow().UtcDateTime;
        rig.Twin.Set([new Sample(Flow.Id, TagValue.From(7f), TagStatus.Good, at, at, ClockState.Synchronised)]);
        rig.Events.Clear();

        // A tag goes, one comes, ids are dealt anew, and the range of another changes.
        var flow = Flow with { Id = new TagId(1), Range = new ValueRange(0, 200), Description = "behind the pump" };
        rig.Twin.Apply(TwinRig.Of(TwinRig.Tag(0, "new"), flow));

        Assert.Null(rig.Find($"{Pump}/gone"));
        Assert.NotNull(rig.Find($"{Pump}/new"));
        Assert.Same(kept, rig.Find($"{Pump}/flow"));
        Assert.Equal((7f, "behind the pump"), (kept.Get().Value.Get<float>(), kept.Description.Text));
        var range = (UaRange)rig.Variable($"{Pump}/flow/EURange").Get().Value.Get<ExtensionObject>()!.Body!;
        Assert.Equal(200, range.High);
        Assert.Equal((NodeId)NodeIds.GeneralModelChangeEventType, Assert.Single(rig.Events).EventType);

        rig.Twin.Set([new Sample(new TagId(1), TagValue.From(8f), TagStatus.Good, at, at, ClockState.Synchronised)]);
        Assert.Equal(8f, kept.Get().Value.Get<float>());
    }

    [Fact]
    public void The_same_configuration_again_changes_nothing()
    {
        rig.Twin.Apply(TwinRig.Of(Flow, TwinRig.Tag(1, "run", TagDataType.Bool)));
        var count = rig.Space.Count;
        rig.Events.Clear();
        rig.Twin.Apply(TwinRig.Of(Flow, TwinRig.Tag(1, "run", TagDataType.Bool)));
        Assert.Equal(count, rig.Space.Count);
        Assert.Empty(rig.Events);
    }

    [Fact]
    public void A_tag_of_another_type_is_another_node_under_the_same_id()
    {
        rig.Twin.Apply(TwinRig.Of(Flow));
        var before = rig.Find($"{Pump}/flow");
        rig.Twin.Apply(TwinRig.Of(TwinRig.Tag(0, "flow", TagDataType.Bool)));
        Assert.NotSame(before, rig.Find($"{Pump}/flow"));
        Assert.Null(rig.Find($"{Pump}/flow/EURange"));
        Assert.NotNull(rig.Find($"{Pump}/flow/TrueState"));
    }

    [Fact]
    public void Pushing_a_value_allocates_nothing()
    {
        rig.Twin.Apply(TwinRig.Of(Flow));
        var at = rig.Time.GetUtcNow().UtcDateTime;
        Sample[] samples = [new(Flow.Id, TagValue.From(7f), TagStatus.Good, at, at, ClockState.Synchronised)];
        for (var i = 0; i < 1000; i++) rig.Twin.Set(samples);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 10_000; i++) rig.Twin.Set(samples);
        }));
    }

    private static bool HasReference(Node from, uint type, Node to)
    {
        foreach (var reference in from.References)
        {
            if (reference.Is(type) && reference.Target == to) return true;
        }

        return false;
    }
}
