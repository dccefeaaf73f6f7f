using System.Threading.Channels;
using EdgeTwin.Prediction;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging;
using static EdgeTwin.Tests.Prediction.PredictionFixture;

namespace EdgeTwin.Tests.Prediction;

public sealed class PredictorTests : IAsyncDisposable
{
    private readonly ManualTimeProvider time = new(Start);
    private readonly CancellationTokenSource stop = new();
    private readonly Inbox inbox = new();
    private readonly CollectingLogger log = new();
    private Task worker = Task.CompletedTask;
    private int offered;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await worker.WaitAsync(RealTime.Patience);
        stop.Dispose();
    }

    [Fact]
    public async Task Outputs_wait_for_data_then_follow_the_graph()
    {
        var predictor = Run(load: null); // the real runtime
        Assert.All(await inbox.NextAsync(), s => Assert.Equal(StatusCode.BadWaitingForInitialData, s.Status));
        for (var i = 0; i < 2; i++)
        {
            await OfferAsync(predictor, 0.25, 0.25);
            Assert.All(await inbox.NextAsync(), s => Assert.Equal(StatusCode.BadWaitingForInitialData, s.Status));
        }

        await OfferAsync(predictor, 0.25, 0.25);
        var samples = await inbox.NextAsync();
        Assert.All(samples, s => Assert.Equal(StatusCode.Good, s.Status));
        Assert.Equal([2, 3, 4], samples.Select(s => s.Tag.Index));
        Assert.Equal([TagValue.From(1.5), TagValue.From("one"), TagValue.From(5.0)], samples.Select(s => s.Value));
        Assert.All(samples, s => Assert.Equal((Start.AddSeconds(2), ClockState.Synchronised), (s.SourceTime, s.Clock)));
        Assert.Equal((1, StatusCode.Good, ""),
            (predictor.Status.Inferences, predictor.Status.Status, predictor.Status.Reason));
    }

    [Fact]
    public async Task A_number_that_has_no_label_makes_only_its_own_output_bad()
    {
        var predictor = Run(load: null);
        await FillAsync(predictor, 2, 2); // the sum is 12, labels end at 2
        var samples = await inbox.NextAsync();
        Assert.Equal([StatusCode.Good, StatusCode.BadOutOfRange, StatusCode.Good], samples.Select(s => s.Status));
    }

    [Fact]
    public async Task An_uncertain_input_gives_a_value_that_is_uncertain_and_says_why()
    {
        var predictor = Run(load: null);
        await FillAsync(predictor, 0, 11);
        Assert.Equal((StatusCode.UncertainSubNormal, TagValue.From(33.0)), (await inbox.NextAsync()) is [var sum, ..]
            ? (sum.Status, sum.Value) : default);
        Assert.Equal("tag 'b' is outside the range [-10, 10]  that the model was trained on", predictor.Status.Reason);
    }

    [Fact]
    public async Task A_bad_input_makes_the_outputs_bad_with_its_status()
    {
        var predictor = Run();
        await FillAsync(predictor, 0, 0);
        await inbox.NextAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        predictor.Offer([Sample(0, 0, time.UtcNow, StatusCode.BadNoCommunication), Sample(1, 0, time.UtcNow)],
            time.UtcNow);
        Assert.All(await inbox.NextAsync(), s =>
            Assert.Equal((StatusCode.BadNoCommunication, TagValue.None), (s.Status, s.Value)));
        Assert.Equal("tag 'a' is BadNoCommunication", predictor.Status.Reason);
    }

    // The source stopped offering: without a timer the last outputs would stay good for ever.
    [Fact]
    public async Task Inputs_that_stop_coming_grow_stale()
    {
        var predictor = Run();
        await FillAsync(predictor, 0, 0);
        await inbox.NextAsync();
        IReadOnlyList<Sample> samples = [];
        for (var second = 0; second < 90; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            if (second > 1) samples = await inbox.NextAsync();
        }

        Assert.All(samples, s => Assert.Equal(StatusCode.UncertainLastUsableValue, s.Status));
        Assert.Equal("tag 'a' has had no new value for 60 s", predictor.Status.Reason);
    }

    [Fact]
    public async Task While_the_worker_is_busy_the_latest_window_wins_and_the_others_are_counted()
    {
        using var release = new ManualResetEventSlim();
        var model = new Fake(window =>
        {
            release.Wait(RealTime.Patience);
            return window[0];
        });
        var predictor = Run(_ => model);
        await FillAsync(predictor, 1, 0);
        await time.UntilAsync(() => model.Calls == 1);
        for (var i = 2; i <= 6; i++) await OfferAsync(predictor, i, 0);
        release.Set();
        await inbox.NextAsync();                  // the window that kept the worker busy
        var sum = (await inbox.NextAsync())[0];
        Assert.Equal(TagValue.From(4.0), sum.Value); // rows 4, 5, 6: the latest
        Assert.Equal(4, predictor.Status.Replaced);
        Assert.Equal(2, predictor.Status.Inferences);
    }

    [Fact]
    public async Task A_failing_model_is_logged_once_tried_less_and_less_and_recovers()
    {
        var fails = true;
        var model = new Fake(_ => fails ? throw new ModelException("out of order") : 1);
        var predictor = Run(_ => model);
        await FillAsync(predictor, 0, 0);
        Assert.All(await inbox.NextAsync(), s => Assert.Equal(StatusCode.BadInternalError, s.Status));
        for (var second = 0; second < 20; second++)
        {
            await OfferAsync(predictor, 0, 0);
            Assert.Equal(StatusCode.BadInternalError, (await inbox.NextAsync())[0].Status);
        }

        Assert.InRange(model.Calls, 4, 6); // at 0, 1, 3, 7, 15 s, give or take a row
        Assert.Equal("out of order", predictor.Status.Reason);
        fails = false;
        IReadOnlyList<Sample> samples;
        do
        {
            await OfferAsync(predictor, 0, 0);
            samples = await inbox.NextAsync();
        }
        while (samples[0].Status == StatusCode.BadInternalError);
        Assert.Equal(StatusCode.Good, samples[0].Status);
        Assert.Equal(1, log.Count(1601));
        Assert.Equal(1, log.Count(1602));
    }

    [Fact]
    public async Task A_model_that_does_not_load_keeps_trying()
    {
        var attempts = 0;
        var predictor = Run(_ => ++attempts < 2 ? throw new ModelException("no library") : new Fake(_ => 7));
        await FillAsync(predictor, 0, 0);
        Assert.Equal(StatusCode.BadInternalError, (await inbox.NextAsync())[0].Status);
        await OfferAsync(predictor, 0, 0);
        await inbox.NextAsync();
        await OfferAsync(predictor, 0, 0);
        Assert.Equal(TagValue.From(7.0), (await inbox.NextAsync())[0].Value);
    }

    [Fact]
    public void Offering_allocates_nothing()
    {
        var predictor = new Predictor(Bound(), time, log, load: _ => new Fake(_ => 0));
        Sample[] inputs = [Sample(0, 1, Start), Sample(1, 1, Start)];
        for (var i = 0; i < 2000; i++) predictor.Offer(inputs, Start.AddMilliseconds(i * 100));
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 2000; i < 12_000; i++) predictor.Offer(inputs, Start.AddMilliseconds(i * 100));
        }));
    }

    [Fact]
    public async Task A_sped_up_replay_shrinks_the_period()
    {
        var predictor = new Predictor(Bound(), time, log, speed: 10, load: _ => new Fake(_ => 3));
        worker = predictor.RunAsync(inbox, stop.Token);
        await inbox.NextAsync();
        for (var i = 0; i < 3; i++)
        {
            predictor.Offer([Sample(0, 0, time.UtcNow), Sample(1, 0, time.UtcNow)], time.UtcNow);
            var samples = await inbox.NextAsync();
            if (i == 2) Assert.Equal(TagValue.From(3.0), samples[0].Value);
            time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    private Predictor Run(Func<ModelPackage, IInference>? load)
    {
        var predictor = new Predictor(Bound(), time, log, load: load);
        worker = Task.Run(() => predictor.RunAsync(inbox, stop.Token));
        return predictor;
    }

    private Predictor Run() => Run(_ => new Fake(_ => 0));

    /// <summary>One row, one second after the row before; the clock first, so that the row comes on the grid.</summary>
    private async Task OfferAsync(Predictor target, double a, double b)
    {
        if (offered > 0) time.Advance(TimeSpan.FromSeconds(1));
        offered++;
        target.Offer([Sample(0, a, time.UtcNow), Sample(1, b, time.UtcNow)], time.UtcNow);
        await Task.Yield();
    }

    /// <summary>Fills the window and takes what was posted before the first inference.</summary>
    private async Task FillAsync(Predictor target, double a, double b)
    {
        for (var i = 0; i < 3; i++)
        {
            await inbox.NextAsync();
            await OfferAsync(target, a, b);
        }
    }

    private sealed class Inbox : ISampleInbox
    {
        private readonly Channel<Sample[]> posted = Channel.CreateBounded<Sample[]>(1000);

        public async ValueTask PostAsync(SampleBatch batch, CancellationToken cancellation)
        {
            var samples = batch.Samples.ToArray();
            batch.Return();
            await posted.Writer.WriteAsync(samples, cancellation);
        }

        public async Task<IReadOnlyList<Sample>> NextAsync() =>
            await posted.Reader.ReadAsync().AsTask().WaitAsync(RealTime.Patience);
    }

    private sealed class Fake(Func<double[], double> sum) : IInference
    {
        private int calls;

        public int Calls => Volatile.Read(ref calls);

        public void Run(ReadOnlySpan<double> window, Span<double> outputs)
        {
            Interlocked.Increment(ref calls);
            outputs.Clear();
            outputs[0] = sum(window.ToArray());
        }

        public void Dispose()
        {
        }
    }
}
