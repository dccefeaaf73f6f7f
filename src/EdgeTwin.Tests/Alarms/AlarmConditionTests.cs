using EdgeTwin.Alarms;

namespace EdgeTwin.Tests.Alarms;

public class AlarmConditionTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly AlarmCondition alarm = new(new AlarmTiming(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10)));
    private DateTime now = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void It_becomes_active_when_the_condition_has_held_for_the_delay()
    {
        Assert.Equal(AlarmState.Normal, Follow(true));
        Assert.Equal(AlarmState.Normal, Follow(true, after: 2.9));
        Assert.Equal(AlarmState.ActiveUnacknowledged, Follow(true, after: 0.1));
        Assert.Equal(now, alarm.Since);
    }

    [Fact]
    public void A_condition_that_goes_away_within_the_delay_leaves_no_trace()
    {
        Follow(true);
        Follow(false, after: 2.9);
        Assert.Null(alarm.PendingSince);
        Follow(true, after: 0.1);
        Assert.Equal(AlarmState.Normal, Follow(true, after: 2.9));
    }

    [Fact]
    public void It_clears_when_the_condition_has_been_gone_for_the_delay_and_waits_for_its_acknowledgement()
    {
        Raise();
        Assert.Equal(AlarmState.ActiveUnacknowledged, Follow(false));
        Assert.Equal(AlarmState.ActiveUnacknowledged, Follow(false, after: 9.9));
        Assert.Equal(AlarmState.ClearedUnacknowledged, Follow(false, after: 0.1));
        Assert.Null(Do(AlarmAction.Acknowledge));
        Assert.Equal(AlarmState.Normal, alarm.State);
    }

    [Fact]
    public void Once_acknowledged_it_clears_to_normal()
    {
        Raise();
        Assert.Null(Do(AlarmAction.Acknowledge));
        Assert.Equal(AlarmState.ActiveAcknowledged, alarm.State);
        Follow(false);
        Assert.Equal(AlarmState.Normal, Follow(false, after: 10));
    }

    [Fact]
    public void A_cleared_alarm_that_comes_back_is_active_again()
    {
        Raise();
        Follow(false);
        Follow(false, after: 10);
        Follow(true);
        Assert.Equal(AlarmState.ActiveUnacknowledged, Follow(true, after: 3));
    }

    [Fact]
    public void An_unknown_condition_holds_the_alarm_and_its_delay()
    {
        Follow(true);
        Assert.Equal(AlarmState.Normal, Follow(null, after: 60));
        Assert.Equal(AlarmState.ActiveUnacknowledged, Follow(true, after: 1));
        Follow(false);
        Assert.Equal(AlarmState.ActiveUnacknowledged, Follow(null, after: 3600));
    }

    [Fact]
    public void Shelving_covers_the_alarm_until_its_time_runs_out()
    {
        Raise();
        Assert.Null(Do(AlarmAction.Shelve, Hour));
        Assert.Equal(AlarmState.Shelved, alarm.State);
        Assert.Equal(now + Hour, alarm.NextDue(isConditionKnown: true));
        Assert.Equal(AlarmState.Shelved, Follow(true, after: 3599));
        Assert.Equal(AlarmState.ActiveUnacknowledged, Follow(true, after: 1));
    }

    [Fact]
    public void What_comes_and_goes_on_the_shelf_leaves_nothing_to_acknowledge()
    {
        Do(AlarmAction.Shelve, Hour);
        Follow(true);
        Follow(true, after: 3);
        Assert.True(alarm.IsActive);
        Assert.Equal(AlarmState.Shelved, alarm.State);
        Follow(false);
        Follow(false, after: 10);
        Assert.Null(Do(AlarmAction.Unshelve));
        Assert.Equal(AlarmState.Normal, alarm.State);
    }

    [Fact]
    public void An_acknowledgement_survives_the_shelf_while_the_alarm_stays_active()
    {
        Raise();
        Do(AlarmAction.Acknowledge);
        Do(AlarmAction.Shelve, Hour);
        Follow(true, after: 60);
        Do(AlarmAction.Unshelve);
        Assert.Equal(AlarmState.ActiveAcknowledged, alarm.State);
    }

    [Fact]
    public void Suppression_by_design_covers_shelving_and_lifts_by_itself()
    {
        Raise();
        Do(AlarmAction.Shelve, Hour);
        alarm.Follow(true, true, now);
        Assert.Equal(AlarmState.SuppressedByDesign, alarm.State);
        alarm.Follow(true, null, now);
        Assert.Equal(AlarmState.SuppressedByDesign, alarm.State);
        alarm.Follow(true, false, now);
        Assert.Equal(AlarmState.Shelved, alarm.State);
    }

    [Fact]
    public void What_an_operator_cannot_do_is_refused_with_the_reason()
    {
        Assert.Contains("normal", Do(AlarmAction.Acknowledge), StringComparison.Ordinal);
        Assert.Contains("not shelved", Do(AlarmAction.Unshelve), StringComparison.Ordinal);
        Assert.Contains("not suppressed", Do(AlarmAction.Unsuppress), StringComparison.Ordinal);
        Assert.Contains("at most 30 days", Do(AlarmAction.Shelve, TimeSpan.Zero), StringComparison.Ordinal);
        Assert.Contains("at most 30 days", Do(AlarmAction.Shelve, TimeSpan.FromDays(31)), StringComparison.Ordinal);
        Raise();
        Do(AlarmAction.Acknowledge);
        Assert.Contains("already", Do(AlarmAction.Acknowledge), StringComparison.Ordinal);
        Do(AlarmAction.Shelve, Hour);
        Assert.Contains("shelved already", Do(AlarmAction.Shelve, Hour), StringComparison.Ordinal);
        Assert.Contains("is shelved", Do(AlarmAction.Acknowledge), StringComparison.Ordinal);
        Assert.Null(Do(AlarmAction.Suppress));
        Assert.Contains("already", Do(AlarmAction.Suppress), StringComparison.Ordinal);
        Assert.Null(Do(AlarmAction.Unsuppress));
        alarm.Follow(true, true, now);
        Assert.Contains("suppressWhen", Do(AlarmAction.Unsuppress), StringComparison.Ordinal);
        Assert.Contains("suppressed by design", Do(AlarmAction.Acknowledge), StringComparison.Ordinal);
    }

    [Fact]
    public void A_delay_that_was_running_goes_on_after_a_restart()
    {
        Follow(true);
        var restarted = Restart(alarm);
        now = now.AddSeconds(3);
        Assert.Equal(AlarmState.Normal, restarted.State);
        restarted.Follow(null, null, now);
        Assert.Equal(AlarmState.Normal, restarted.State);
        restarted.Follow(true, null, now);
        Assert.Equal(AlarmState.ActiveUnacknowledged, restarted.State);
    }

    [Fact]
    public void A_damaged_state_is_refused_whatever_byte_is_wrong()
    {
        Raise();
        Do(AlarmAction.Shelve, Hour);
        var saved = new byte[AlarmCondition.SavedSizeBytes];
        alarm.Save(saved);
        Assert.True(new AlarmCondition(default).TryRestore(saved));
        for (var i = 0; i < saved.Length; i++)
        {
            saved[i] ^= 0x40;
            var restored = new AlarmCondition(default);
            Assert.False(restored.TryRestore(saved));
            Assert.Equal(AlarmState.Normal, restored.State);
            saved[i] ^= 0x40;
        }

        Assert.False(new AlarmCondition(default).TryRestore(saved.AsSpan(1)));
        Assert.False(new AlarmCondition(default).TryRestore([]));
    }

    [Fact]
    public void Setting_the_clock_neither_shortens_nor_stretches_a_delay()
    {
        Follow(true);
        alarm.ShiftClock(Hour);
        now += Hour;
        Assert.Equal(AlarmState.Normal, Follow(true, after: 2.9));
        Assert.Equal(AlarmState.ActiveUnacknowledged, Follow(true, after: 0.1));
    }

    internal static AlarmCondition Restart(AlarmCondition condition)
    {
        Span<byte> saved = stackalloc byte[AlarmCondition.SavedSizeBytes];
        condition.Save(saved);
        var restarted = new AlarmCondition(new AlarmTiming(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10)));
        Assert.True(restarted.TryRestore(saved));
        return restarted;
    }

    private void Raise()
    {
        Follow(true);
        Assert.Equal(AlarmState.ActiveUnacknowledged, Follow(true, after: 3));
    }

    private AlarmState Follow(bool? condition, double after = 0)
    {
        now = now.AddSeconds(after);
        alarm.Follow(condition, false, now);
        return alarm.State;
    }

    private string? Do(AlarmAction action, TimeSpan shelveFor = default) => alarm.Do(action, shelveFor, now);
}
