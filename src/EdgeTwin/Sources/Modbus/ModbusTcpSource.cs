using System.Runtime.CompilerServices;
using EdgeTwin.Modbus;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Sources.Modbus;

/// <summary>
/// Reads a device over Modbus TCP. Each answer is posted as one batch the moment it is there. A request that the device
/// refuses is split until the refused address alone is held out, within the same scan; its neighbours stay good. A
/// request without an answer turns its own tags bad; several in a row end the connection.
/// </summary>
internal sealed partial class ModbusTcpSource : IWritableSource, IReadBackSource
{
    /// <summary>Requests that splitting may cost in one scan; what is left is split further in the next.</summary>
    private const int MostProbes = 100;

    /// <summary>Held-out requests that are tried again in one scan.</summary>
    private const int MostTrials = 4;

    /// <summary>Refusals that are logged each; a device can refuse a thousand registers.</summary>
    private const int MostLogged = 10;

    private readonly SourceContext context;
    private readonly ModbusTcpSourceConfig config;
    private readonly TimeProvider time;
    private readonly long began;
    private readonly Dictionary<TagId, ModbusTag> tags;
    private readonly ReadPlan plan;
    private readonly byte[][] buffers;                        // one per lane
    private readonly Lock gate = new();                       // guards unsettled, which lanes fill
    private readonly List<(ReadBlock Block, ModbusExceptionCode Code)> unsettled = [];
    private readonly ModbusTagWriter writer = new();
    private ModbusClient? client;
    private int nextBlock;
    private int timeouts;
    private int probes;
    private int refusals;
    private bool saidMalformed;

    private ModbusTcpSource(SourceContext context)
    {
        this.context = context;
        config = (ModbusTcpSourceConfig)context.Config;
        time = context.Time;
        began = time.GetTimestamp();
        tags = context.Tags.ToDictionary(tag => tag.Definition.Id, tag => new ModbusTag(tag));
        plan = new ReadPlan(tags.Values, new ReadLimits(config.MaxRegisters, config.MaxBits, config.MaxGap));
        buffers = [.. Enumerable.Range(0, config.Outstanding).Select(_ => new byte[ModbusLimits.PduBytes])];
    }

    /// <summary>The line in the catalog.</summary>
    public static SourceDriver Driver { get; } =
        new("modbus-tcp", typeof(ModbusTcpSourceConfig), context => new ModbusTcpSource(context), ModbusTagCheck.Check);

    private ModbusClient Client => client ?? throw new InvalidOperationException("not connected");

    private byte Unit => (byte)config.Unit;

    /// <inheritdoc/>
    public async ValueTask ConnectAsync(CancellationToken cancellation)
    {
        var endpoint = ModbusEndpoint.Parse(config.Endpoint);
        var options = new ModbusClientOptions { Timeout = config.Timeout, Outstanding = config.Outstanding };
        client = await ModbusClient.ConnectAsync(endpoint.Host, endpoint.Port, options, time, cancellation);
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        nextBlock = 0;
        if (config.Outstanding == 1) await RunLaneAsync(0, inbox, cancellation);
        else await Task.WhenAll(Enumerable.Range(0, config.Outstanding).Select(lane =>
            RunLaneAsync(lane, inbox, cancellation).AsTask()));

        probes = 0;
        if (unsettled.Count > 0) await SettleAsync(inbox, cancellation);
        if (plan.HeldOut.Count > 0) await TryHeldOutAsync(inbox, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<Sample> ReadBackAsync(TagId tag, CancellationToken cancellation)
    {
        var asked = tags[tag];
        var block = ReadBlock.Of([asked]);
        StatusCode status;
        try
        {
            await Client.SendAsync(Unit, block.Request, buffers[0], cancellation);
            var value = asked.Read(buffers[0], block.Span.Start, out status);
            return Stamp(asked, value, status, UtcNow());
        }
        catch (ModbusException e) when (e.Error != ModbusError.FramingLost)
        {
            status = e.Error == ModbusError.Refused ? ModbusStatus.Of(e.Code) : StatusCode.BadDecodingError;
        }
        catch (TimeoutException)
        {
            status = StatusCode.BadTimeout;
        }

        return Stamp(asked, TagValue.None, status, UtcNow());
    }

    /// <inheritdoc/>
    public async ValueTask<StatusCode> WriteAsync(TagId tag, TagValue value, CancellationToken cancellation)
    {
        try
        {
            return await writer.WriteAsync(Client, Unit, tags[tag], value, cancellation);
        }
        catch (ModbusException e) when (e.Error != ModbusError.FramingLost)
        {
            return e.Error == ModbusError.Refused ? ModbusStatus.Of(e.Code) : StatusCode.BadDecodingError;
        }
        catch (TimeoutException)
        {
            return StatusCode.BadTimeout; // whether it was written is not known; the command pipeline reads back
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (client is null) return;
        var seen = client.Counters;
        if (seen.Late + seen.Foreign > 0) LogDiscarded(context.Logger, context.Name, seen.Late, seen.Foreign,
            seen.Answers);
        await client.DisposeAsync();
    }

    /// <summary>Reads one request after another until none is left; as many lanes run as requests may be
    /// outstanding.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RunLaneAsync(int lane, ISampleInbox inbox, CancellationToken cancellation)
    {
        while (true)
        {
            var at = Interlocked.Increment(ref nextBlock) - 1;
            if (at >= plan.Blocks.Count) return;
            var block = plan.Blocks[at];
            var outcome = await ReadBlockAsync(block, buffers[lane], inbox, cancellation);
            if (!outcome.IsRefused) continue;
            lock (gate) unsettled.Add((block, outcome.Refusal));
        }
    }

    /// <summary>Reads a request and posts its tags, with values or with what went wrong; nothing when the device
    /// refuses.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOutcome> ReadBlockAsync(
        ReadBlock block, byte[] buffer, ISampleInbox inbox, CancellationToken cancellation)
    {
        var failure = StatusCode.BadTimeout;
        for (var attempt = 0; attempt <= config.Retries; attempt++)
        {
            try
            {
                await Client.SendAsync(Unit, block.Request, buffer, cancellation);
                Volatile.Write(ref timeouts, 0);
                failure = StatusCode.Good;
                break;
            }
            catch (ModbusException e) when (e.Error == ModbusError.Refused)
            {
                Volatile.Write(ref timeouts, 0);
                return ReadOutcome.Refused(e.Code);
            }
            catch (ModbusException e) when (e.Error == ModbusError.MalformedAnswer)
            {
                Volatile.Write(ref timeouts, 0);
                failure = StatusCode.BadDecodingError;
                SayMalformed(block, e);
                break;
            }
            catch (TimeoutException) when (Interlocked.Increment(ref timeouts) < config.MaxTimeouts)
            {
                continue; // lost on a serial line behind a gateway, or the device is slow: once more, then bad
            }
        }

        await PostAsync(block, buffer, failure, inbox, cancellation);
        return failure.IsGood ? ReadOutcome.Read : ReadOutcome.Failed;
    }

    /// <summary>Deals with what the device refused in this scan, after everything else has been read.</summary>
    private async ValueTask SettleAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        foreach (var (block, first) in unsettled)
        {
            var outcome = ReadOutcome.Refused(first);
            if (ModbusStatus.IsBusy(first)) outcome = await ReadBlockAsync(block, buffers[0], inbox, cancellation);
            if (!outcome.IsRefused) continue;
            if (ModbusStatus.IsAboutAddress(outcome.Refusal) && !block.IsOnePlace)
                await SplitAsync(block, outcome.Refusal, inbox, cancellation);
            else if (ModbusStatus.IsLasting(outcome.Refusal)) HoldOut(block, outcome.Refusal);
            else await PostAsync(block, buffers[0], ModbusStatus.Of(outcome.Refusal), inbox, cancellation);
        }

        unsettled.Clear();
    }

    /// <summary>Halves a refused request until what is refused stands alone; everything else is read on the
    /// way.</summary>
    private async ValueTask SplitAsync(
        ReadBlock whole, ModbusExceptionCode code, ISampleInbox inbox, CancellationToken cancellation)
    {
        var refused = new Queue<(ReadBlock Block, ModbusExceptionCode Code)>([(whole, code)]);
        var readable = new List<ReadBlock>();
        var untried = new List<ReadBlock>();
        while (refused.TryDequeue(out var next))
        {
            if (next.Block.IsOnePlace)
            {
                HoldOut(next.Block, next.Code);
                continue;
            }

            var (left, right) = next.Block.Split();
            var readLeft = await TryHalfAsync(left, next.Code);
            var readRight = await TryHalfAsync(right, next.Code);
            if (readLeft && readRight) plan.Separate(left, right);
        }

        // A device that objects to the value may object to the quantity; then requests of a size that it answers stay
        // as they are.
        if (code == ModbusExceptionCode.IllegalDataValue) plan.Replace(whole, [], [.. readable, .. untried]);
        else plan.Replace(whole, readable.SelectMany(block => block.Tags), untried);

        async ValueTask<bool> TryHalfAsync(ReadBlock half, ModbusExceptionCode parents)
        {
            if (probes++ >= MostProbes)
            {
                untried.Add(half);
                await PostAsync(half, buffers[0], ModbusStatus.Of(parents), inbox, cancellation);
                return false;
            }

            var outcome = await ReadBlockAsync(half, buffers[0], inbox, cancellation);
            if (outcome.IsRefused && ModbusStatus.IsAboutAddress(outcome.Refusal))
            {
                refused.Enqueue((half, outcome.Refusal));
                return false;
            }

            if (outcome.IsRefused) await PostAsync(half, buffers[0], ModbusStatus.Of(outcome.Refusal), inbox,
                cancellation);
            readable.Add(half);
            return true;
        }
    }

    /// <summary>Its tags turn bad when the scan posts all that is held out.</summary>
    private void HoldOut(ReadBlock block, ModbusExceptionCode code)
    {
        plan.HoldOut(block, ModbusStatus.Of(code), Elapsed() + config.RetryRefused);
        if (refusals++ < MostLogged)
            LogRefused(context.Logger, context.Name, block.Span.ToString(), (byte)code, code, block.Tags[0].Name,
                block.Tags.Length - 1);
        else if (refusals == MostLogged + 1) LogManyRefused(context.Logger, context.Name, MostLogged);
    }

    /// <summary>Held-out tags are bad in every scan; those whose time has come are tried again.</summary>
    private async ValueTask TryHeldOutAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        var now = Elapsed();
        var trials = 0;
        for (var i = plan.HeldOut.Count - 1; i >= 0; i--)
        {
            var entry = plan.HeldOut[i];
            if (entry.RetryAt > now || trials++ >= MostTrials)
            {
                await PostAsync(entry.Block, buffers[0], entry.Status, inbox, cancellation);
                continue;
            }

            var outcome = await ReadBlockAsync(entry.Block, buffers[0], inbox, cancellation);
            if (outcome.IsRead)
            {
                plan.Return(entry);
                if (--refusals < MostLogged) LogReturned(context.Logger, context.Name, entry.Block.Span.ToString());
                continue;
            }

            entry.RetryAt = now + config.RetryRefused;
            if (!outcome.IsRefused) continue;
            entry.Status = ModbusStatus.Of(outcome.Refusal);
            await PostAsync(entry.Block, buffers[0], entry.Status, inbox, cancellation);
        }
    }

    /// <summary>One batch per answer, stamped now; with a failure the tags get it instead of a value.</summary>
    private ValueTask PostAsync(
        ReadBlock block, byte[] answer, StatusCode failure, ISampleInbox inbox, CancellationToken cancellation)
    {
        var now = UtcNow();
        var clock = context.Clock();
        var batch = SampleBatch.Rent();
        foreach (var tag in block.Tags)
        {
            var status = failure;
            var value = failure.IsGood ? tag.Read(answer, block.Span.Start, out status) : TagValue.None;
            batch.Add(new Sample(tag.Id, value, status, now, now, clock));
        }

        return inbox.PostAsync(batch, cancellation);
    }

    private Sample Stamp(ModbusTag tag, TagValue value, StatusCode status, DateTime now) =>
        new(tag.Id, value, status, now, now, context.Clock());

    private DateTime UtcNow() => time.GetUtcNow().UtcDateTime;

    private TimeSpan Elapsed() => time.GetElapsedTime(began);

    private void SayMalformed(ReadBlock block, ModbusException what)
    {
        if (saidMalformed) return;
        saidMalformed = true; // once per connection: a device that does it once does it always
        LogMalformed(context.Logger, context.Name, block.Span.ToString(), what.Message);
    }

    [LoggerMessage(1100, LogLevel.Warning,
        "source '{Source}': the device refuses {Span} with exception {Number} ({Code}); tag '{Tag}' and {Others} "
            + "more are bad until it answers")]
    private static partial void LogRefused(
        ILogger logger, string source, string span, byte number, ModbusExceptionCode code, string tag, int others);

    [LoggerMessage(1104, LogLevel.Warning,
        "source '{Source}': the device refuses more than {Count} addresses; further ones are not logged")]
    private static partial void LogManyRefused(ILogger logger, string source, int count);

    [LoggerMessage(1101, LogLevel.Information, "source '{Source}': the device answers {Span} again")]
    private static partial void LogReturned(ILogger logger, string source, string span);

    [LoggerMessage(1102, LogLevel.Warning,
        "source '{Source}': malformed answer for {Span}: {Problem}; further ones are not logged")]
    private static partial void LogMalformed(ILogger logger, string source, string span, string problem);

    [LoggerMessage(1103, LogLevel.Information,
        "source '{Source}': {Late} late and {Foreign} foreign answers were discarded beside {Answers} right ones")]
    private static partial void LogDiscarded(ILogger logger, string source, long late, long foreign, long answers);
}
