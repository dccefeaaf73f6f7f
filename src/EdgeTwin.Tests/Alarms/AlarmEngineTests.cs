using EdgeTwin.Alarms;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Twin;

namespace EdgeTwin.Tests.Alarms;

public class AlarmEngineTests
{
    private readonly TwinBench bench = new TwinBench().Source("flow", tag => tag with
    {
        Unit =
        new EngineeringUnit("L/min", default, 1)
    }).Source("running", tag => tag with { Type = TagDataType.Bool });

    [Fact]
    public void An_alarm_is_a_tag_whose_value_is_its_state_and_whose_changes_are_recorded()
    {
        bench.Alarm("low", new AlarmConfig { When = "flow < 5", Message = "low" });
        bench.Feed("flow", 3);
        Assert.Equal(AlarmState.ActiveUnacknowledged, bench.AlarmStateOf("low"));
        Acknowledge("low");
        bench.Feed("flow", 9);
        Assert.Equal([0, 1, 2, 0], bench.TakeRecorded("alarm.low").Select(sample => (int)sample.Value.Bits));
    }

    [Fact]
    public void A_transition_tells_who_when_and_what_with_the_values_of_that_moment()
    {
        bench.Alarm("low", new AlarmConfig { When = "flow < 5", Message = "only {flow} {{today}}", Severity = 700 });
        bench.Feed("flow", 3.25);
        Assert.Equal(
            new AlarmTransition("low", AlarmState.Normal, AlarmState.ActiveUnacknowledged, bench.Now, 700,
            "only 3.25 L/min {today}"),
            Assert.Single(bench.Step.Transitions));
        bench.Step.Clear();
        bench.Step.Do(new AlarmCommand("low", AlarmAction.Acknowledge, "anna", "seen"), bench.Now);
        Assert.Equal(("anna", "seen"), (bench.Step.Transitions[0].By, bench.Step.Transitions[0].Comment));
    }

    [Fact]
    public void A_delay_ends_without_any_new_sample()
    {
        bench.Alarm("low",
            new AlarmConfig { When = "flow < 5", OnDelay = TimeSpan.FromSeconds(3.05), Message = "low" });
        bench.Feed("flow", 3);
        Assert.Equal(AlarmState.Normal, bench.AlarmEngine.StateOf(0).State);
        bench.Pass(3.06);
        Assert.Equal(AlarmState.ActiveUnacknowledged, bench.AlarmStateOf("low"));
        Assert.Equal(TwinBench.Start + TimeSpan.FromSeconds(3.05), bench.Step.Transitions[0].Time);
    }

    [Fact]
    public void Hysteresis_keeps_an_active_alarm_until_the_limit_is_missed_by_it()
    {
        bench.Alarm("high", new AlarmConfig { When = "flow > 100", Hysteresis = 5, Message = "high" });
        bench.Feed("flow", 99);
        Assert.Empty(bench.Step.Transitions);
        bench.Feed("flow", 101).Feed("flow", 96);
        Assert.Equal(AlarmState.ActiveUnacknowledged, bench.AlarmStateOf("high"));
        bench.Feed("flow", 95);
        Assert.Equal(AlarmState.ClearedUnacknowledged, bench.AlarmStateOf("high"));
        bench.Feed("flow", 96);
        Assert.Equal(AlarmState.ClearedUnacknowledged, bench.AlarmStateOf("high"));
    }

    [Fact]
    public void Bad_inputs_hold_an_alarm_but_an_alarm_on_quality_sees_them()
    {
        bench.Alarm("low", new AlarmConfig { When = "flow < 5", Message = "low" });
        bench.Alarm("blind", new AlarmConfig { When = "bad(flow)", Message = "no flow: {flow}" });
        bench.Feed("flow", 3).Lose("flow");
        Assert.Equal(AlarmState.ActiveUnacknowledged, bench.AlarmStateOf("low"));
        Assert.Equal(AlarmState.ActiveUnacknowledged, bench.AlarmStateOf("blind"));
        Assert.Equal("no flow: (BadNoCommunication)", bench.Step.Transitions[^1].Message);
    }

    [Fact]
    public void Suppression_follows_its_condition()
    {
        bench.Alarm("low", new AlarmConfig { When = "flow < 5", SuppressWhen = "not running", Message = "low" });
        bench.Feed(bench.Make("flow", TagValue.From(3.0)), bench.Make("running", TagValue.From(false)));
        Assert.Equal(AlarmState.SuppressedByDesign, bench.AlarmStateOf("low"));
        bench.Feed(bench.Make("running", TagValue.From(true)));
        Assert.Equal(AlarmState.ActiveUnacknowledged, bench.AlarmStateOf("low"));
    }

    [Fact]
    public void Shelving_ends_by_itself()
    {
        bench.Alarm("low", new AlarmConfig { When = "flow < 5", Message = "low" });
        bench.Feed("flow", 3);
        Assert.True(bench.Step.Do(new AlarmCommand("low", AlarmAction.Shelve, "anna",
            ShelveFor: TimeSpan.FromMinutes(5)), bench.Now).IsDone);
        Assert.Equal(AlarmState.Shelved, bench.AlarmStateOf("low"));
        bench.Pass(300);
        Assert.Equal(AlarmState.ActiveUnacknowledged, bench.AlarmStateOf("low"));
    }

    [Fact]
    public void A_command_for_an_unknown_alarm_is_refused_with_the_nearest_name()
    {
        bench.Alarm("low-flow", new AlarmConfig { When = "flow < 5", Message = "low" });
        var result = bench.Step.Do(new AlarmCommand("lowflow", AlarmAction.Acknowledge, "anna"), bench.Now);
        Assert.Equal("there is no alarm 'lowflow'; did you mean 'low-flow'?", result.Refusal);
        Assert.Contains("alarm 'low-flow': there is nothing", bench.Step.Do(new AlarmCommand("low-flow",
            AlarmAction.Acknowledge, "anna"), bench.Now).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alarm_may_read_another_and_two_that_chase_each_other_do_not_hang_the_twin()
    {
        bench.Alarm("low", new AlarmConfig { When = "flow < 5", Message = "low" });
        bench.Alarm("any", new AlarmConfig { When = "alarm.low == 1", Message = "any" });
        bench.Feed("flow", 3);
        Assert.Equal(AlarmState.ActiveUnacknowledged, bench.AlarmStateOf("any"));

        var self = new TwinBench().Source("flow");
        self.Alarm("restless",
            new AlarmConfig { When = "alarm.restless != 1 and alarm.restless != 2 and flow > 0", Message = "?" });
        self.Feed("flow", 1).Pass(10);
        Assert.InRange(self.Step.Transitions.Count, 2, 1000);
    }

    [Fact]
    public void The_state_survives_a_restart_exactly_with_its_running_delay()
    {
        var config = new AlarmConfig { When = "flow < 5", OnDelay = TimeSpan.FromSeconds(3), Message = "low" };
        bench.Alarm("low", config).Feed("flow", 3).Pass(2);
        var log = new MemoryLog();
        bench.AlarmEngine.KeepChanges(log);

        var restarted = new TwinBench { Now = bench.Now }.Source("flow").Alarm("low", config);
        restarted.Kept["alarm/low"] = log.Keeping["alarm/low"];
        restarted.Pass(60);
        Assert.Empty(restarted.Step.Transitions);
        restarted.Feed("flow", 3);
        Assert.Equal(AlarmState.ActiveUnacknowledged, restarted.AlarmStateOf("low"));
    }

    [Fact]
    public void A_damaged_kept_state_starts_as_normal()
    {
        bench.Alarm("low", new AlarmConfig { When = "flow < 5", Message = "low" });
        bench.Kept["alarm/low"] = [1, 2, 3];
        bench.Pass(1);
        Assert.Equal(AlarmState.Normal, bench.AlarmEngine.StateOf(0).State);
    }

    [Fact]
    public void Only_what_moved_is_kept()
    {
        bench.Alarm("low", new AlarmConfig { When = "flow < 5", Message = "low" }).Alarm("high",
            new AlarmConfig { When = "flow > 50", Message = "high" });
        bench.Feed("flow", 3);
        var log = new MemoryLog();
        bench.AlarmEngine.KeepChanges(log);
        bench.Feed("flow", 2);
        bench.AlarmEngine.KeepChanges(log);
        Assert.Equal(["alarm/low"], log.Keys);
    }

    [Fact]
    public void Everything_wrong_with_an_alarm_is_reported_at_once()
    {
        var config = new AlarmConfig { When = "flwo < 5", SuppressWhen = "flow", Message = "{flo} }" };
        Assert.Null(AlarmDefinition.TryCreate("low", config, default, new TableScope(bench.Tags), out var errors));
        Assert.Equal(["when", "suppressWhen", "message", "message"], errors.Select(error => error.Key));
        Assert.Equal((1, "there is no tag 'flo'; did you mean 'flow'?"),
            (errors[2].Error.Offset, errors[2].Error.Message));
    }

    private void Acknowledge(string alarm) =>
        Assert.True(bench.Step.Do(new AlarmCommand(alarm, AlarmAction.Acknowledge, "anna"), bench.Now).IsDone);
}
