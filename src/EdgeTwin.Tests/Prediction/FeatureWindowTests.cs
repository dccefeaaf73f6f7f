using EdgeTwin.Prediction;
using EdgeTwin.Tags;
using static EdgeTwin.Tests.Prediction.PredictionFixture;

namespace EdgeTwin.Tests.Prediction;

public class FeatureWindowTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FeatureWindow window = new(Bound(Table(cadence: Second)).Inputs, 3, Second);

    [Fact]
    public void Fast_samples_are_taken_once_a_period()
    {
        var rows = 0;
        for (var i = 0; i < 30; i++)
        {
            if (Offer(i * 0.1, i, -i)) rows++;
        }

        Assert.Equal(4, rows);
        // The rows at 1, 2 and 3 s are taken by the first sample within a quarter period of them.
        Assert.Equal([8, -8, 18, -18, 28, -28], Values());
    }

    [Fact]
    public void A_source_with_the_models_own_period_and_jitter_gives_one_row_each()
    {
        double[] times = [0, 1.02, 1.97, 3.05, 4];
        for (var i = 0; i < times.Length; i++) Assert.True(Offer(times[i], i, 0));
        Assert.Equal([2, 0, 3, 0, 4, 0], Values());
    }

    [Fact]
    public void A_slow_source_is_held_on_the_grid()
    {
        Offer(0, 1, 1);
        Offer(2.9, 2, 2);
        Assert.Equal([1, 1, 1, 1, 2, 2], Values());
    }

    [Fact]
    public void The_window_waits_until_every_input_has_had_a_value()
    {
        for (var i = 0; i < 3; i++)
            window.Observe([Sample(0, 1, At(i)), Sample(1, 1, At(i), StatusCode.BadWaitingForInitialData)], At(i));
        Assert.False(window.IsFull);
        Assert.Equal((InputFlaw.Waiting, 1), (window.Quality().Flaw, window.Quality().Input));
        Assert.Equal(StatusCode.BadWaitingForInitialData, window.Quality().Status);
    }

    [Fact]
    public void A_bad_input_makes_the_window_bad_with_its_own_status_and_uncertain_until_it_has_left_the_window()
    {
        Fill();
        window.Observe([Sample(0, 1, At(3)), Sample(1, 1, At(3), StatusCode.BadNoCommunication)], At(3));
        Assert.Equal(new WindowQuality(StatusCode.BadNoCommunication, InputFlaw.Bad, 1), window.Quality());
        Offer(4, 1, 1);
        Assert.Equal(new WindowQuality(StatusCode.UncertainSubNormal, InputFlaw.Earlier, 1), window.Quality());
        Offer(5, 1, 1);
        Offer(6, 1, 1);
        Assert.Equal(WindowQuality.Good, window.Quality());
    }

    [Fact]
    public void An_uncertain_input_makes_the_window_uncertain()
    {
        Fill();
        window.Observe([Sample(0, 1, At(3), StatusCode.UncertainLastUsableValue), Sample(1, 1, At(3))], At(3));
        Assert.Equal(new WindowQuality(StatusCode.UncertainSubNormal, InputFlaw.Uncertain, 0), window.Quality());
    }

    [Fact]
    public void A_value_outside_the_training_range_makes_the_window_uncertain()
    {
        Fill();
        Offer(3, 1, 10.5);
        Assert.Equal(new WindowQuality(StatusCode.UncertainSubNormal, InputFlaw.OutsideTraining, 1), window.Quality());
    }

    [Fact]
    public void A_value_that_is_no_number_counts_as_bad()
    {
        Fill();
        Offer(3, double.NaN, 1);
        Assert.Equal(new WindowQuality(StatusCode.BadNoData, InputFlaw.Bad, 0), window.Quality());
    }

    [Fact]
    public void An_input_three_cadences_old_is_stale()
    {
        Fill(); // last received at 2 s
        Assert.True(window.Advance(At(5.5), At(5.5)));
        Assert.Equal(InputFlaw.Stale, window.Quality().Flaw);
        Assert.True(window.Quality().Status.IsUncertain);
    }

    [Fact]
    public void After_a_sleep_longer_than_the_window_it_starts_again()
    {
        Fill();
        Offer(3600, 1, 1);
        Assert.Equal(StatusCode.BadWaitingForInitialData, window.Quality().Status);
        Assert.Equal(InputFlaw.Waiting, window.Quality().Flaw);
    }

    [Fact]
    public void A_clock_that_is_set_back_starts_the_window_again()
    {
        Fill();
        Assert.True(Offer(-100, 1, 1));
        Assert.Equal(1, window.Rows);
    }

    [Fact]
    public void Values_are_converted_to_the_packages_unit()
    {
        var converting =
            new FeatureWindow([.. Bound().Inputs.Select(i => i with { Factor = 0.001, Offset = 1 })], 1, Second);
        converting.Observe([Sample(0, 2000, At(0)), Sample(1, 0, At(0))], At(0));
        var values = new double[2];
        converting.CopyTo(values);
        Assert.Equal([3, 1], values);
    }

    private static DateTime At(double seconds) => Start.AddSeconds(seconds);

    private bool Offer(double seconds, double a, double b) =>
        window.Observe([Sample(0, a, At(seconds)), Sample(1, b, At(seconds))], At(seconds));

    private void Fill()
    {
        for (var i = 0; i < 3; i++) Offer(i, 1, 1);
        Assert.Equal(WindowQuality.Good, window.Quality());
    }

    private double[] Values()
    {
        var values = new double[6];
        window.CopyTo(values);
        return values;
    }
}
