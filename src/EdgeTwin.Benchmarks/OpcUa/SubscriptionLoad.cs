using System.Globalization;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>So many items in one subscription, sampling and publishing every so many milliseconds, queue 1, 20 publish
/// requests
/// outstanding. A latency is receipt minus source timestamp. What is missing is seen by the values, which count up:
/// item i has the value tick + i/1000.</summary>
internal sealed class SubscriptionLoad(
    LoadSession session, int server, ushort index, int items, int seconds, double interval = 100)
{
    private const int Outstanding = 20;
    private const int Batch = 500;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private readonly Queue<uint> acknowledge = new();
    private uint subscription;
    private readonly double[] last = new double[items];
    private long notifications;
    private long missing;
    private LoadWindow? window;
    private bool stop;

    public async Task<LoadFigure> MeasureAsync(string metric)
    {
        await CreateAsync();
        var loops = Enumerable.Range(0, Outstanding).Select(_ => PublishAsync()).ToArray();
        await Task.Delay(WarmUp, TimeProvider.System);
        long before;
        lock (acknowledge)
        {
            window = new LoadWindow(server);
            before = notifications;
            missing = 0;
        }

        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        LoadFigure figure;
        lock (acknowledge)
        {
            var got = notifications - before;
            figure = window.Figure(metric, got) with { Delivered = (double)got / Math.Max(1, got + missing) };
            stop = true;
        }

        await session.SendAsync<DeleteSubscriptionsRequest, DeleteSubscriptionsResponse>(
            new DeleteSubscriptionsRequest { RequestHeader = session.Head(), SubscriptionIds = [subscription] });
        await Task.WhenAll(loops);
        return figure;
    }

    private async Task CreateAsync()
    {
        subscription = (await session.SendAsync<CreateSubscriptionRequest, CreateSubscriptionResponse>(
            new CreateSubscriptionRequest
            {
                RequestHeader = session.Head(),
                RequestedPublishingInterval = interval,
                RequestedLifetimeCount = 6000,
                RequestedMaxKeepAliveCount = 20,
                PublishingEnabled = true,
            })).SubscriptionId;
        for (var first = 0; first < items; first += Batch)
        {
            var answer = await session.SendAsync<CreateMonitoredItemsRequest, CreateMonitoredItemsResponse>(
                new CreateMonitoredItemsRequest
                {
                    RequestHeader = session.Head(),
                    SubscriptionId = subscription,
                    TimestampsToReturn = TimestampsToReturn.Both,
                    ItemsToCreate = [.. Enumerable.Range(first, Math.Min(Batch, items - first)).Select(Item)],
                });
            if (answer.Results.FirstOrDefault(static r => r.StatusCode.IsBad) is { } refused)
                throw new InvalidOperationException($"an item was refused: {refused.StatusCode}");
        }
    }

    private MonitoredItemCreateRequest Item(int number) => new()
    {
        ItemToMonitor = new ReadValueId
        {
            NodeId = new NodeId(index, string.Create(CultureInfo.InvariantCulture, $"v{number}")),
            AttributeId = AttributeIds.Value,
        },
        MonitoringMode = MonitoringMode.Reporting,
        RequestedParameters = new MonitoringParameters
        {
            ClientHandle = (uint)number,
            SamplingInterval = interval,
            QueueSize = 1,
            DiscardOldest = true,
        },
    };

    private async Task PublishAsync()
    {
        while (!Volatile.Read(ref stop))
        {
            using var answer = await session.SendAsync(Request());
            if (!Take(answer)) return;
        }
    }

    private MessageBuffer Request()
    {
        var request = session.Connection.RentBuffer();
        var writer = new UaWriter(request);
        writer.WriteNodeId(new NodeId(0, PublishRequest.EncodingId));
        session.Head().Encode(ref writer);
        lock (acknowledge)
        {
            writer.WriteInt32(acknowledge.Count);
            while (acknowledge.TryDequeue(out var number))
            {
                writer.WriteUInt32(subscription);
                writer.WriteUInt32(number);
            }
        }

        return request;
    }

    // False when the subscription is gone.
    private bool Take(ReceivedMessage answer)
    {
        var reader = new UaReader(answer.Body, EncodingLimits.Default);
        var type = MessageBody.ReadTypeId(ref reader);
        var head = ResponseHeader.Decode(ref reader);
        if (type != PublishResponse.EncodingId || head.ServiceResult.IsBad)
        {
            return Volatile.Read(ref stop) ? false
                : throw new InvalidOperationException($"publish: i={type} {head.ServiceResult}");
        }

        reader.ReadUInt32();
        reader.ReadUInt32Array();
        reader.ReadBoolean();
        var number = reader.ReadUInt32();
        reader.ReadDateTime();
        var blocks = reader.ReadInt32();
        if (blocks <= 0) return true;
        lock (acknowledge)
        {
            acknowledge.Enqueue(number);
            for (; blocks > 0; blocks--) TakeBlock(ref reader);
        }

        return true;
    }

    private void TakeBlock(ref UaReader reader)
    {
        var isData = reader.ReadNodeId() == new NodeId(0, DataChangeNotification.EncodingId);
        reader.ReadByte();
        var length = reader.ReadInt32();
        if (!isData)
        {
            reader.Skip(length);
            return;
        }

        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var count = reader.ReadInt32();
        for (var i = 0; i < count; i++)
        {
            var item = reader.ReadUInt32();
            var value = reader.ReadDataValue();
            Audit(item, value.Value.Get<double>());
            if ((i & 7) == 0 && !stop) window?.Add((now - value.SourceTimestamp).TotalMicroseconds);
        }

        reader.ReadInt32(); // diagnostic infos, none
        notifications += count;
    }

    // Two answers may be taken in another order than they were sent: what came late was counted as missing.
    private void Audit(uint item, double value)
    {
        var tick = Math.Round(value - (item * 0.001));
        var before = last[item];
        last[item] = Math.Max(before, tick);
        if (before == 0) return;
        missing += tick > before ? (long)(tick - before) - 1 : -1;
    }
}
