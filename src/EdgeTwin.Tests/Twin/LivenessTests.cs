using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Twin;

public class LivenessTests
{
    private readonly TwinBench bench = new TwinBench()
        .Source("flow", tag => tag with { Cadence = TimeSpan.FromSeconds(2) })
        .Source("level")
        .Derived("lost", "dead(flow)", TagDataType.Bool);

    [Fact]
    public void Changing_values_keep_a_tag_live()
    {
        for (var i = 0; i < 10; i++) bench.Feed("flow", i).Pass(2.5);
        Assert.Equal(Liveness.Live, bench.State("flow").Liveness);
        Assert.Empty(bench.Probe.Asked);
    }

    [Fact]
    public void Fresh_but_unchanged_values_make_it_quiet_and_a_change_makes_it_live_again()
    {
        for (var i = 0; i < 10; i++) bench.Feed("flow", 7).Pass(1);
        Assert.Equal(Liveness.Quiet, bench.State("flow").Liveness);
        Assert.Equal(StatusCode.Good, bench.State("flow").Sample.Status);
        Assert.Empty(bench.Probe.Asked);
        bench.Feed("flow", 8);
        Assert.Equal(Liveness.Live, bench.State("flow").Liveness);
    }

    [Fact]
    public void Silence_is_probed_and_a_good_answer_means_quiet()
    {
        bench.Probe.CanProbe = true;
        bench.Feed("flow", 7).Pass(3.2);
        Assert.Equal([bench.Id("flow")], bench.Probe.Asked);
        Assert.Equal(Liveness.Live, bench.State("flow").Liveness);
        bench.Feed("flow", 7).Pass(0.2);
        Assert.Equal(Liveness.Quiet, bench.State("flow").Liveness);
        bench.Pass(3.2);
        Assert.Equal(2, bench.Probe.Asked.Count);
    }

    [Fact]
    public void A_probe_without_an_answer_means_dead_once()
    {
        bench.Probe.CanProbe = true;
        bench.Feed("flow", 7).Pass(7.9);
        Assert.Equal(Liveness.Live, bench.State("flow").Liveness);
        bench.Pass(0.5);
        Assert.Equal((Liveness.Dead, StatusCode.BadNoCommunication),
            (bench.State("flow").Liveness, bench.State("flow").Sample.Status));
        bench.Pass(600);
        Assert.Single(bench.Probe.Asked);
        Assert.Equal([StatusCode.Good, StatusCode.BadNoCommunication],
            bench.TakeRecorded("flow").Select(sample => sample.Status));
    }

    [Fact]
    public void A_bad_answer_means_dead_at_once_and_a_good_one_brings_it_back()
    {
        bench.Feed("flow", 7).Lose("flow");
        Assert.Equal(Liveness.Dead, bench.State("flow").Liveness);
        Assert.Equal(TagValue.From(true), bench.State("lost").Sample.Value);
        bench.Feed("flow", 7);
        Assert.Equal(Liveness.Live, bench.State("flow").Liveness);
        Assert.Equal(TagValue.From(false), bench.State("lost").Sample.Value);
    }

    [Fact]
    public void Silence_of_a_source_that_cannot_be_read_back_means_dead()
    {
        bench.Feed("flow", 7).Pass(2.9);
        Assert.Equal(Liveness.Live, bench.State("flow").Liveness);
        bench.Pass(0.4);
        Assert.Equal(Liveness.Dead, bench.State("flow").Liveness);
        Assert.Equal(TagValue.From(true), bench.State("lost").Sample.Value);
    }

    [Fact]
    public void A_tag_that_was_never_heard_is_dead_in_the_end_but_still_waits_for_initial_data()
    {
        bench.Pass(4);
        Assert.Equal((Liveness.Dead, StatusCode.BadWaitingForInitialData),
            (bench.State("flow").Liveness, bench.State("flow").Sample.Status));
        Assert.Empty(bench.TakeRecorded("flow"));
    }

    [Fact]
    public void A_tag_without_a_cadence_is_never_quiet_or_dead()
    {
        bench.Feed("level", 1).Pass(3600).Lose("level").Pass(3600);
        Assert.Equal(Liveness.Live, bench.State("level").Liveness);
        Assert.DoesNotContain(bench.Id("level"), bench.Probe.Asked);
    }
}
