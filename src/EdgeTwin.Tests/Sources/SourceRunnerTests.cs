using EdgeTwin.Sources;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Tests.Sources;

public class SourceRunnerTests
{
    [Fact]
    public async Task Scans_start_at_a_fixed_rate_however_long_each_takes()
    {
        var starts = new List<double>();
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnRead = async (self, inbox, cancellation) =>
            {
                lock (starts) starts.Add(c.Time.GetElapsedTime(0).TotalMilliseconds);
                await Task.Delay(TimeSpan.FromMilliseconds(30), c.Time, cancellation);
                await self.PostAllAsync(inbox, cancellation);
            },
        });
        await bench.PassUntilAsync(() => bench.Runner.Status.Scans >= 5);
        Assert.Equal([0, 100, 200, 300, 400], starts.Take(5));
        Assert.Equal(0, bench.Runner.Status.SkippedScans);
        Assert.Equal(TimeSpan.FromMilliseconds(30), bench.Runner.Status.LastScanDuration);
    }

    [Fact]
    public async Task An_overrun_is_skipped_and_counted_and_never_made_up_for()
    {
        var starts = new List<double>();
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnRead = async (self, inbox, cancellation) =>
            {
                lock (starts) starts.Add(c.Time.GetElapsedTime(0).TotalMilliseconds);
                if (starts.Count == 2) await Task.Delay(TimeSpan.FromMilliseconds(350), c.Time, cancellation);
                await self.PostAllAsync(inbox, cancellation);
            },
        });
        await bench.PassUntilAsync(() => bench.Runner.Status.Scans >= 4);
        Assert.Equal([0, 100, 500, 600], starts.Take(4));
        Assert.Equal(3, bench.Runner.Status.SkippedScans); // those of 200, 300 and 400
    }

    [Fact]
    public async Task A_full_inbox_makes_the_runner_wait_and_skip()
    {
        await using var bench = new RunnerBench();
        await bench.Time.UntilTimersAsync(1);
        bench.Inbox.Fill();
        bench.Time.Advance(TimeSpan.FromSeconds(1)); // the scan of 100 ms hangs on the inbox
        Assert.Single(bench.Inbox.Batches);
        bench.Inbox.Drain();
        await bench.Time.UntilAsync(() => bench.Inbox.Batches.Count >= 2 && bench.Runner.Status.Scans >= 2);
        Assert.Equal(8, bench.Runner.Status.SkippedScans); // those of 200 to 900; the one of 1000 is just due
        Assert.Equal(0, bench.CountOf(StatusCode.BadNoCommunication));
    }

    [Fact]
    public async Task A_lost_connection_marks_every_tag_once_and_logs_once_however_many_attempts_fail()
    {
        var broken = false;
        var attempts = 0;
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnConnect = _ =>
            {
                attempts++;
                return broken ? Task.FromException(new IOException("no route to host")) : Task.CompletedTask;
            },
            OnRead = (self, inbox, cancellation) => broken
                ? Task.FromException(new IOException("connection reset"))
                : self.PostAllAsync(inbox, cancellation).AsTask(),
        });
        await bench.TickAsync(300);
        broken = true;
        await bench.PassUntilAsync(() => attempts >= 6);

        Assert.Equal(2, bench.CountOf(StatusCode.BadNoCommunication));
        Assert.All(bench.Inbox.Samples.Where(s => s.Status.IsBad), sample => Assert.True(sample.Value.IsNone));
        Assert.Equal(1, bench.Logger.Count(1201));
        // the first failure, not the last
        Assert.Contains("connection reset", bench.Logger.Lines.Single(l => l.Id == 1201).Text);
        Assert.Equal(SourceState.Disconnected, bench.Runner.Status.State);
        Assert.Equal("no route to host", bench.Runner.Status.LastError);

        broken = false;
        await bench.PassUntilAsync(() => bench.Runner.Status.State == SourceState.Running);
        Assert.Equal(1, bench.Runner.Status.Reconnects);
        Assert.Equal(1, bench.Logger.Count(1202));
        var samples = bench.Inbox.Samples;
        Assert.True(samples[^1].Status.IsGood);

        broken = true; // the second outage is a new one
        await bench.PassUntilAsync(() => bench.Logger.Count(1201) == 2);
        await bench.PassUntilAsync(() => bench.CountOf(StatusCode.BadNoCommunication) == 4);
    }

    [Fact]
    public async Task A_source_that_never_was_there_marks_its_tags_too()
    {
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnConnect = _ => Task.FromException(new IOException("refused")),
        });
        await bench.PassUntilAsync(() => bench.Time.Elapsed > TimeSpan.FromSeconds(30));
        Assert.Equal(2, bench.Inbox.Samples.Count);
        Assert.Equal(2, bench.CountOf(StatusCode.BadNoCommunication));
    }

    [Fact]
    public async Task Attempts_back_off_to_the_cap_and_start_over_after_a_good_connection()
    {
        var attempts = new List<TimeSpan>();
        var broken = true;
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnConnect = _ =>
            {
                lock (attempts) attempts.Add(c.Time.GetElapsedTime(0));
                return broken ? Task.FromException(new IOException("refused")) : Task.CompletedTask;
            },
            OnRead = (self, inbox, cancellation) => broken
                ? Task.FromException(new IOException("reset"))
                : self.PostAllAsync(inbox, cancellation).AsTask(),
        });
        await bench.PassUntilAsync(() => attempts.Count >= 9);
        var gaps = attempts.Zip(attempts.Skip(1), (a, b) => b - a).ToList();
        for (var (i, step) = (0, BackOff.First); i < gaps.Count; i++, step = step * 2 > BackOff.Cap ? BackOff.Cap
            : step * 2)
            Assert.InRange(gaps[i], step / 2, step + TimeSpan.FromMilliseconds(1)); // timers count whole milliseconds

        broken = false;
        await bench.PassUntilAsync(() => bench.Runner.Status.State == SourceState.Running);
        var upSince = bench.Time.Elapsed;
        await bench.PassUntilAsync(() => bench.Time.Elapsed - upSince > TimeSpan.FromSeconds(20));
        broken = true;
        await bench.PassUntilAsync(() => bench.Runner.Status.State == SourceState.Disconnected);
        var (lost, count) = (bench.Time.Elapsed, attempts.Count);
        await bench.PassUntilAsync(() => attempts.Count > count);
        Assert.InRange(attempts[^1] - lost, BackOff.First / 2, BackOff.First + TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Each_outage_gets_a_new_driver_object_and_the_old_one_is_disposed_first()
    {
        var log = new List<string>();
        var made = 0;
        await using var bench = new RunnerBench(c =>
        {
            var number = ++made;
            log.Add($"make {number}");
            return new ScriptedSource(c)
            {
                OnRead = (self, inbox, cancellation) => number == 1
                    ? Task.FromException(new IOException("reset"))
                    : self.PostAllAsync(inbox, cancellation).AsTask(),
                OnDispose = () =>
                {
                    log.Add($"dispose {number}");
                    return Task.CompletedTask;
                },
            };
        });
        await bench.PassUntilAsync(() => bench.Runner.Status.Scans >= 1);
        Assert.Equal(["make 1", "dispose 1", "make 2"], log);
        await bench.StopAsync();
        Assert.Equal("dispose 2", log[^1]);
    }

    [Fact]
    public async Task A_straggler_of_a_lost_connection_cannot_turn_its_tags_good()
    {
        ISampleInbox? kept = null;
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnRead = (_, inbox, _) =>
            {
                kept ??= inbox;
                return Task.FromException(new IOException("reset"));
            },
        });
        await bench.PassUntilAsync(() => bench.CountOf(StatusCode.BadNoCommunication) == 2);
        var late = SampleBatch.Rent();
        late.Add(new Sample(new TagId(0), TagValue.From(1.0), StatusCode.Good, bench.Time.UtcNow, bench.Time.UtcNow,
            default));
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            kept!.PostAsync(late, CancellationToken.None).AsTask());
        Assert.Equal(0, bench.CountOf(StatusCode.Good));
    }

    [Fact]
    public async Task A_mistake_in_a_driver_is_logged_with_its_stack_and_the_runner_lives()
    {
        var mistakes = 3;
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnRead = (self, inbox, cancellation) => mistakes-- > 0
                ? Task.FromResult(((string)null!).Length)
                : self.PostAllAsync(inbox, cancellation).AsTask(),
        });
        await bench.PassUntilAsync(() => bench.Runner.Status.State == SourceState.Running);
        var line = Assert.Single(bench.Logger.Lines, l => l.Id == 1203);
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.IsType<NullReferenceException>(line.Failure);
    }

    [Fact]
    public async Task A_driver_that_throws_everywhere_neither_stops_the_runner_nor_hinders_the_stop()
    {
        var attempts = 0;
        await using var bench = new RunnerBench(c => ++attempts % 4 == 0
            ? throw new InvalidOperationException("create")
            : new ScriptedSource(c)
            {
                OnConnect = _ => attempts % 4 == 1 ? throw new OperationCanceledException("its own")
                    : Task.CompletedTask,
                OnRead = (_, _, _) => throw new DivideByZeroException("read"),
                OnDispose = () => throw new IOException("dispose"),
            });
        await bench.PassUntilAsync(() => attempts >= 12);
        Assert.Equal(2, bench.CountOf(StatusCode.BadNoCommunication));
        await bench.StopAsync();
        Assert.Equal(SourceState.Stopped, bench.Runner.Status.State);
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("read")]
    [InlineData("dispose")]
    public async Task A_driver_that_ignores_the_cancellation_holds_the_stop_up_for_less_than_a_second(string where)
    {
        var forever = new TaskCompletionSource();
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnConnect = _ => where == "connect" ? forever.Task : Task.CompletedTask,
            OnRead = (self, inbox, cancellation) => where == "read" ? forever.Task
            : self.PostAllAsync(inbox, cancellation).AsTask(),
            OnDispose = () => where is "read" or "dispose" ? forever.Task : Task.CompletedTask,
        });
        await bench.Time.UntilAsync(() => where == "dispose"
            ? bench.Runner.Status.Scans > 0
            : bench.Runner.Status.State == SourceState.Connecting);
        bench.Cancel();
        var stopped = bench.Time.Elapsed;
        await bench.PassUntilAsync(() => bench.Ended.IsCompleted);
        Assert.True(bench.Time.Elapsed - stopped < TimeSpan.FromSeconds(1));
        Assert.Equal(SourceState.Stopped, bench.Runner.Status.State);
        forever.SetResult();
    }

    [Fact]
    public async Task A_stop_during_the_back_off_is_immediate()
    {
        await using var bench =
            new RunnerBench(c => new ScriptedSource(c) { OnConnect = _ => throw new IOException("refused") });
        await bench.Time.UntilTimersAsync(1);
        await bench.StopAsync().WaitAsync(TimeSpan.FromSeconds(30)); // the manual clock stands still
    }

    [Fact]
    public async Task A_source_that_is_told_of_changes_runs_within_one_read()
    {
        var more = new SemaphoreSlim(0);
        await using var bench = new RunnerBench(c => new ScriptedSource(c)
        {
            OnRead = async (self, inbox, cancellation) =>
            {
                while (true)
                {
                    await more.WaitAsync(cancellation);
                    await self.PostAllAsync(inbox, cancellation);
                }
            },
        });
        await bench.Time.UntilAsync(() => bench.Runner.Status.State == SourceState.Connecting);
        more.Release(3);
        await bench.Time.UntilAsync(() => bench.Inbox.Batches.Count == 3);
        Assert.Equal(SourceState.Running, bench.Runner.Status.State);
        Assert.Equal(6, bench.Runner.Status.Samples);
        await bench.StopAsync();
    }

    [Fact]
    public async Task A_scan_in_steady_state_allocates_nothing()
    {
        var time = new ManualTimeProvider();
        var context = SourceContexts.Make(
            new ScriptedSource.Config { Driver = "scripted", Scan = RunnerBench.Scan },
            [.. Enumerable.Range(0, 100).Select(i => SourceContexts.Tag($"a{i}"))], time);
        var runner = new SourceRunner(context, ScriptedSource.Driver(c => new ScriptedSource(c)), new ReturningInbox());
        using var stop = new CancellationTokenSource();
        var run = runner.RunAsync(stop.Token);
        await time.UntilTimersAsync(1);
        time.Advance(1000 * RunnerBench.Scan); // scans run on this thread
        var (scans, before) = (runner.Status.Scans, GC.GetAllocatedBytesForCurrentThread());
        time.Advance(1000 * RunnerBench.Scan);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(1000, runner.Status.Scans - scans);
        // Some bytes for the pool of batches, shared with tests beside this one; a sample would already cost more than
        // 0.5.
        Assert.InRange(allocated / 100_000.0, 0, 0.5);
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public void A_scan_period_of_zero_is_refused()
    {
        var context = SourceContexts.Make(
            new ScriptedSource.Config { Driver = "scripted", Scan = TimeSpan.Zero }, [], TimeProvider.System);
        Assert.Throws<ArgumentException>(
            () => new SourceRunner(context, ScriptedSource.Driver(c => new ScriptedSource(c)), new RecordingInbox()));
    }
}
