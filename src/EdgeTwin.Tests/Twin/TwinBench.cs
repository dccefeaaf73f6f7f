using EdgeTwin.Alarms;
using EdgeTwin.Prediction;
using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;
using EdgeTwin.Twin;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Twin;

/// <summary>A twin on the bench: tags and alarms are added first, then samples are fed at moments of the test's
/// choice.</summary>
internal sealed class TwinBench
{
    public static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private TwinStep? step;

    public TagTable Tags { get; } = new();
    public List<AlarmDefinition> Alarms { get; } = [];
    public List<IPredictor> Predictors { get; } = [];
    public Dictionary<string, byte[]> Kept { get; } = [];
    public ScriptedProbe Probe { get; } = new();
    public DateTime Now { get; set; } = Start;
    public AlarmEngine AlarmEngine { get; private set; } = null!;

    public TwinStep Step => step ??= Build();

    public TwinBench Source(string name, Func<TagDefinition, TagDefinition>? with = null)
    {
        Tags.Add(id =>
        {
            var tag = new TagDefinition
            {
                Id = id,
                Name = name,
                Type = TagDataType.Float64,
                Origin =
                new TagOrigin.Source("plc", name)
            };
            return with?.Invoke(tag) ?? tag;
        });
        return this;
    }

    public TwinBench Derived(string name, string text, TagDataType type = TagDataType.Float64)
    {
        Assert.True(Expression.TryParse(text, new TableScope(Tags), out var expression, out var errors),
            string.Join("; ", errors));
        Tags.Add(id =>
            new TagDefinition { Id = id, Name = name, Type = type, Origin = new TagOrigin.Derived(expression) });
        return this;
    }

    public TwinBench Alarm(string name, AlarmConfig config)
    {
        var state = Tags.Add(id => new TagDefinition
        {
            Id = id,
            Name = "alarm." + name,
            Type = TagDataType.Int32,
            Origin = new TagOrigin.Alarm(name),
        });
        var alarm = AlarmDefinition.TryCreate(name, config, state.Id, new TableScope(Tags), out var errors);
        Assert.Empty(errors);
        Alarms.Add(alarm!);
        return this;
    }

    public TwinBench Feed(string name, double value, StatusCode status = default) =>
        Feed(Make(name, TagValue.From(value), status));

    public TwinBench Lose(string name) => Feed(Make(name, TagValue.None, StatusCode.BadNoCommunication));

    public TwinBench Feed(params Sample[] samples)
    {
        Step.Apply(samples, Now);
        return this;
    }

    public TwinBench Pass(double seconds)
    {
        var end = Now.AddSeconds(seconds);
        while (Step.NextDue <= end)
        {
            Now = Step.NextDue > Now ? Step.NextDue : Now;
            Step.Tick(Now);
        }

        Now = end;
        return this;
    }

    public Sample Make(string name, TagValue value, StatusCode status = default, DateTime? sourceTime = null) =>
        new(Id(name), value, status, sourceTime ?? Now, Now, ClockState.Synchronised);

    public TagId Id(string name)
    {
        Assert.True(Tags.TryFind(name, out var tag));
        return tag.Id;
    }

    public ref readonly TagState State(string name) => ref Step.States[Id(name).Index];

    public AlarmState AlarmStateOf(string name) => (AlarmState)State("alarm." + name).Sample.Value.Bits;

    /// <summary>What was recorded of a tag since the last call for any.</summary>
    public Sample[] TakeRecorded(string name)
    {
        var id = Id(name);
        var recorded = Step.Recorded.ToArray().Where(sample => sample.Tag == id).ToArray();
        Step.Clear();
        return recorded;
    }

    private TwinStep Build()
    {
        AlarmEngine = new AlarmEngine(Alarms, Tags.Count, key => Kept.GetValueOrDefault(key), NullLogger.Instance);
        return new TwinStep(Tags, AlarmEngine, Predictors, Probe, Now);
    }

    internal sealed class ScriptedProbe : ILivenessProbe
    {
        public bool CanProbe { get; set; }
        public List<TagId> Asked { get; } = [];

        public bool TryProbe(TagId tag)
        {
            Asked.Add(tag);
            return CanProbe;
        }
    }
}
