using System.Threading.Channels;
using EdgeTwin.Prediction.Onnx;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Prediction;

/// <summary>
/// One model on the live twin. The twin's loop offers inputs, which fill a window; a worker infers each full window and
/// posts the outputs. Between them is a mailbox of one: the latest window wins. The session is created by the worker
/// when the first window is full, so a model costs the start of the gateway nothing.
/// </summary>
internal sealed class Predictor : IPredictor
{
    private readonly BoundModel model;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Func<ModelPackage, IInference> load;
    private readonly PredictorMetrics metrics;
    private readonly TimeSpan period;
    private readonly InferenceBackOff backOff;
    private readonly double[] results;
    private readonly Channel<bool> signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Lock gate = new(); // guards window, pending, spare, hasPending, replaced
    private readonly FeatureWindow window;
    private WindowSnapshot pending;
    private WindowSnapshot spare;
    private bool hasPending;
    private long replaced;

    private IInference? inference; // the worker's
    private volatile PredictorStatus status;

    /// <param name="model">The package joined to tags.</param>
    /// <param name="time">Clock of the gateway.</param>
    /// <param name="logger">Takes changes of state.</param>
    /// <param name="speed">How much faster than real time the inputs run, as in a sped-up replay; the period shrinks by
    /// it.</param>
    /// <param name="load">Loads the package; null takes the ONNX Runtime.</param>
    public Predictor(
        BoundModel model, TimeProvider time, ILogger logger, double speed = 1, Func<ModelPackage, IInference>? load =
        null)
    {
        this.model = model;
        this.time = time;
        this.logger = logger;
        this.load = load ?? OnnxSession.Create;
        metrics = new PredictorMetrics(model.Name);
        backOff = new InferenceBackOff(time);
        var manifest = model.Package.Manifest;
        period = manifest.Period / speed;
        window = new FeatureWindow(model.Inputs, manifest.Window, period);
        pending = new WindowSnapshot(manifest.Window * manifest.Inputs.Count);
        spare = new WindowSnapshot(manifest.Window * manifest.Inputs.Count);
        results = new double[manifest.Outputs.Count];
        Inputs = [.. model.Inputs.Select(i => i.Tag.Id)];
        status = new PredictorStatus
        {
            Model = model.Name,
            Version = manifest.Version,
            Sha256 = model.Package.Sha256,
            Status = StatusCode.BadWaitingForInitialData,
            Reason = "no input has been seen yet",
            Inferences = 0,
            Replaced = 0,
            Failures = 0,
        };
    }

    public string Name => model.Name;

    public IReadOnlyList<TagId> Inputs { get; }

    /// <summary>How the model is doing; may be read by any thread.</summary>
    public PredictorStatus Status => status;

    public void Offer(ReadOnlySpan<Sample> inputs, DateTime now)
    {
        lock (gate)
        {
            if (window.Observe(inputs, now)) Publish(now);
        }
    }

    /// <summary>The worker: infers and posts until it is cancelled.</summary>
    public async Task RunAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        // Inputs that stop coming still grow old: the timer goes on filling the window when no offer does.
        await using var timer = time.CreateTimer(_ => HoldOn(), null, period, period);
        try
        {
            await PostAsync(inbox, StatusCode.BadWaitingForInitialData, Now(), ClockState.Unsynchronised, cancellation);
            while (await signal.Reader.WaitToReadAsync(cancellation))
            {
                signal.Reader.TryRead(out _);
                if (Take() is not { } taken) continue;
                var outcome = Infer(taken);
                await PostAsync(inbox, outcome, taken.SourceTime, taken.Clock, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return; // the gateway stops
        }
        finally
        {
            inference?.Dispose();
            inference = null;
        }
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;

    private void HoldOn()
    {
        var now = Now();
        lock (gate)
        {
            if (window.Advance(now - period, now)) Publish(now);
        }
    }

    /// <summary>Called with the gate held.</summary>
    private void Publish(DateTime now)
    {
        if (hasPending)
        {
            replaced++;
            metrics.Replaced();
        }

        pending.Take(window, now);
        hasPending = true;
        signal.Writer.TryWrite(true);
    }

    private WindowSnapshot? Take()
    {
        lock (gate)
        {
            if (!hasPending) return null;
            hasPending = false;
            (pending, spare) = (spare, pending);
            return spare;
        }
    }

    /// <summary>The status of the outputs; <see cref="results"/> holds them unless it is bad.</summary>
    private StatusCode Infer(WindowSnapshot taken)
    {
        var quality = taken.Quality;
        if (quality.Status.IsBad) return Report(quality.Status, model.Explain(quality));
        if (!backOff.MayTry) return Report(StatusCode.BadInternalError, status.Reason, isFailure: true);
        try
        {
            var started = time.GetTimestamp();
            if (inference is null)
            {
                inference = load(model.Package);
                PredictorLog.Ready(logger, Name, status.Version, time.GetElapsedTime(started).TotalMilliseconds);
                started = time.GetTimestamp();
            }

            inference.Run(taken.Values, results);
            Succeeded(time.GetElapsedTime(started));
            return Report(quality.Status, model.Explain(quality));
        }
        catch (ModelException exception)
        {
            metrics.Failed();
            if (backOff.Failed()) PredictorLog.Failed(logger, Name, exception.Message);
            status = status with { Failures = status.Failures + 1 };
            return Report(StatusCode.BadInternalError, exception.Message, isFailure: true);
        }
    }

    private void Succeeded(TimeSpan duration)
    {
        metrics.Inferred(duration);
        if (backOff.Succeeded(out var since, out var failures)) PredictorLog.Recovered(logger, Name, since, failures);
        status = status with { Inferences = status.Inferences + 1, LastInference = Now(), LastDuration = duration };
    }

    private StatusCode Report(StatusCode code, string reason, bool isFailure = false)
    {
        if (code != status.Status && !isFailure)
        {
            var because = reason.Length > 0 ? $" because {reason}" : "";
            PredictorLog.QualityChanged(logger, Name, code.ToString(), because);
        }
        long count;
        lock (gate) count = replaced;
        status = status with { Status = code, Reason = reason, Replaced = count };
        return code;
    }

    private ValueTask PostAsync(
        ISampleInbox inbox, StatusCode code, DateTime sourceTime, ClockState clock, CancellationToken cancellation)
    {
        var batch = SampleBatch.Rent();
        var now = Now();
        for (var i =
            0; i < model.Outputs.Count; i++) batch.Add(model.ToSample(i, results[i], code, sourceTime, now, clock));
        return inbox.PostAsync(batch, cancellation);
    }
}
