using EdgeTwin.Alarms;

namespace EdgeTwin.Tests.Alarms;

/// <summary>Random lives of an alarm; a failure names its seed.</summary>
public class AlarmConditionPropertyTests
{
    // ISA-18.2, figure 1: what may follow what, and whether the process or an operator may do it.
    private static readonly HashSet<(AlarmState From, AlarmState To)> ByProcess =
    [
        (AlarmState.Normal, AlarmState.ActiveUnacknowledged),
        (AlarmState.ActiveUnacknowledged, AlarmState.ClearedUnacknowledged),
        (AlarmState.ActiveAcknowledged, AlarmState.Normal),
        (AlarmState.ClearedUnacknowledged, AlarmState.ActiveUnacknowledged),
    ];

    private static readonly Dictionary<AlarmAction, HashSet<(AlarmState From, AlarmState To)>> ByOperator = new()
    {
        [AlarmAction.Acknowledge] =
        [
            (AlarmState.ActiveUnacknowledged, AlarmState.ActiveAcknowledged),
                (AlarmState.ClearedUnacknowledged, AlarmState.Normal),
        ],
        [AlarmAction.Shelve] = [.. Visible.Select(state => (state, AlarmState.Shelved))],
        [AlarmAction.Unshelve] = [.. Visible.Select(state => (AlarmState.Shelved, state))],
        [AlarmAction.Suppress] =
        [.. Visible.Append(AlarmState.Shelved).Select(state => (state, AlarmState.SuppressedByDesign))],
        [AlarmAction.Unsuppress] =
        [.. Visible.Append(AlarmState.Shelved).Select(state => (AlarmState.SuppressedByDesign, state))],
    };

    private static AlarmState[] Visible =>
        [AlarmState.Normal, AlarmState.ActiveUnacknowledged, AlarmState.ActiveAcknowledged,
            AlarmState.ClearedUnacknowledged];

    [Fact]
    public void Every_life_takes_only_transitions_of_the_standard_and_goes_on_the_same_after_a_restart_at_any_point()
    {
        var seen = new HashSet<(AlarmState, AlarmState)>();
        for (var seed = 0; seed < 400; seed++) Live(seed, seen);
        Assert.Superset(ByProcess, seen);
        foreach (var transitions in ByOperator.Values) Assert.Superset(transitions, seen);
    }

    private static void Live(int seed, HashSet<(AlarmState, AlarmState)> seen)
    {
        var random = new Random(seed);
        var now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var alarm = new AlarmCondition(new AlarmTiming(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10)));
        var twin = alarm; // restarted again and again; must never differ
        for (var i = 0; i < 200; i++)
        {
            now = now.AddSeconds(random.Next(0, 8));
            var before = alarm.State;
            if (random.Next(3) > 0)
            {
                bool? condition = random.Next(8) == 0 ? null : random.Next(2) == 0;
                bool? suppression = random.Next(10) == 0 ? random.Next(2) == 0 : false;
                alarm.Follow(condition, suppression, now);
                if (twin != alarm) twin.Follow(condition, suppression, now);
                Assert.True(IsLegalOfProcess(before, alarm.State), $"seed {seed}, step {i}: {before} -> {alarm.State}");
            }
            else
            {
                var action = (AlarmAction)random.Next(5);
                var shelveFor = TimeSpan.FromSeconds(random.Next(0, 60));
                var refusal = alarm.Do(action, shelveFor, now);
                if (twin != alarm) Assert.Equal(refusal, twin.Do(action, shelveFor, now));
                var isLegal = before == alarm.State || refusal is null
                    && ByOperator[action].Contains((before, alarm.State));
                Assert.True(isLegal, $"seed {seed}, step {i}: {action} took {before} -> {alarm.State}");
                if (refusal is not null) Assert.Equal(before, alarm.State);
            }

            if (before != alarm.State) seen.Add((before, alarm.State));
            Assert.Equal((alarm.State, alarm.Since, alarm.PendingSince, alarm.ShelvedUntil),
                (twin.State, twin.Since, twin.PendingSince, twin.ShelvedUntil));
            if (random.Next(10) == 0) twin = AlarmConditionTests.Restart(alarm);
        }
    }

    // Covers come off and go on by themselves too: shelving expires, and suppression follows its condition.
    private static bool IsLegalOfProcess(AlarmState from, AlarmState to) =>
        from == to || to == AlarmState.SuppressedByDesign || from is AlarmState.SuppressedByDesign or AlarmState.Shelved
            || ByProcess.Contains((from, to));
}
