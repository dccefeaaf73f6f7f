using System.Globalization;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>The load client of the repository: our own channel, and messages made once where they can be.</summary>
internal sealed class BuiltInLoad(int seconds) : IOpcUaLoad
{
    private const string NamespaceUri = "urn:bench:peers";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public async Task<LoadFigure> MeasureAsync(string endpoint, int server, string metric, int nodes)
    {
        var load = LoadMetric.Parse(metric);
        var certificate = load.IsSecure ? await LoadSession.CertificateOfAsync(endpoint) : null;
        switch (load.Kind)
        {
            case "connect":
                return await ConnectAsync(endpoint, server, metric, certificate);
            case "idle":
                var idle = new LoadWindow(server);
                await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
                return idle.Figure(metric, 1);
        }

        await using var session = await LoadSession.OpenAsync(endpoint, certificate);
        var index = await NamespaceIndexAsync(session);
        return load.Kind switch
        {
            "browse" => await BrowseAsync(session, server, metric, index),
            "sub" => await new SubscriptionLoad(session, server, index, load.Size, seconds).MeasureAsync(metric),
            _ => await RequestsAsync(session, server, metric, load, index, nodes),
        };
    }

    private static async Task<LoadFigure> ConnectAsync(string endpoint, int server, string metric, byte[]? certificate)
    {
        const int warm = 10, count = 300;
        for (var i = 0; i < warm; i++) await (await LoadSession.OpenAsync(endpoint, certificate)).DisposeAsync();
        var window = new LoadWindow(server);
        for (var i = 0; i < count; i++)
        {
            var begin = TimeProvider.System.GetTimestamp();
            var session = await LoadSession.OpenAsync(endpoint, certificate);
            window.Add(begin);
            await session.DisposeAsync();
        }

        return window.Figure(metric, count);
    }

    private static async Task<ushort> NamespaceIndexAsync(LoadSession session)
    {
        var answer = await session.SendAsync<ReadRequest, ReadResponse>(new ReadRequest
        {
            RequestHeader = session.Head(),
            TimestampsToReturn = TimestampsToReturn.Neither,
            NodesToRead = [new ReadValueId { NodeId = NodeIds.Server_NamespaceArray,
                AttributeId = AttributeIds.Value }],
        });
        var index = Array.IndexOf(answer.Results[0].Value.Get<string[]>()!, NamespaceUri);
        return index >= 0 ? (ushort)index
            : throw new InvalidOperationException($"the server has no namespace {NamespaceUri}");
    }

    // Walks the folder to its end, again and again: one operation is one whole folder.
    private async Task<LoadFigure> BrowseAsync(LoadSession session, int server, string metric, ushort index)
    {
        var folder = new BrowseDescription
        {
            NodeId = new NodeId(index, "Bench"),
            ReferenceTypeId = NodeIds.HierarchicalReferences,
            IncludeSubtypes = true,
            ResultMask = 63,
        };
        LoadWindow? window = null;
        var begin = TimeProvider.System.GetTimestamp();
        while (window is null || window.Seconds < seconds)
        {
            if (window is null && TimeProvider.System.GetElapsedTime(begin) > WarmUp) window = new LoadWindow(server);
            var start = TimeProvider.System.GetTimestamp();
            var page = (await session.SendAsync<BrowseRequest, BrowseResponse>(
                new BrowseRequest { RequestHeader = session.Head(), NodesToBrowse = [folder] })).Results[0];
            while (page.ContinuationPoint is { Length: > 0 } point)
            {
                page = (await session.SendAsync<BrowseNextRequest, BrowseNextResponse>(
                    new BrowseNextRequest { RequestHeader = session.Head(), ContinuationPoints = [point] })).Results[0];
            }

            window?.Add(start);
        }

        return window.Figure(metric, window.Samples);
    }

    // As many loops as requests may be outstanding; each sends its next request when its answer is there.
    private async Task<LoadFigure> RequestsAsync(
        LoadSession session, int server, string metric, LoadMetric load, ushort index, int nodes)
    {
        var run = new RequestRun(session, load, index, nodes);
        var loops = Enumerable.Range(0, load.Window).Select(run.LoopAsync).ToArray();
        await Task.Delay(WarmUp, TimeProvider.System);
        run.Window = new LoadWindow(server);
        var before = run.Done;
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        var figure = run.Finish(metric, before, Math.Max(1, load.Size));
        await Task.WhenAll(loops);
        return figure;
    }

    private sealed class RequestRun(LoadSession session, LoadMetric load, ushort index, int nodes)
    {
        private readonly NodeId[] ids =
            [.. Enumerable.Range(0, nodes).Select(i =>
                new NodeId(index, string.Create(CultureInfo.InvariantCulture, $"v{i}")))];

        private readonly Lock guard = new();
        private bool stop;

        public long Done { get; private set; }

        public LoadWindow? Window { get; set; }

        public async Task LoopAsync(int first)
        {
            for (var position = first * load.Size; !Volatile.Read(ref stop); position += load.Size)
            {
                var request = session.Connection.RentBuffer();
                Write(request, position);
                var begin = TimeProvider.System.GetTimestamp();
                using (var answer = await session.SendAsync(request)) Check(answer);
                lock (guard)
                {
                    Done++;
                    if (!stop) Window?.Add(begin);
                }
            }
        }

        public LoadFigure Finish(string metric, long before, int size)
        {
            lock (guard)
            {
                stop = true;
                return Window!.Figure(metric, (double)(Done - before) * size);
            }
        }

        private void Write(MessageBuffer request, int position)
        {
            var writer = new UaWriter(request);
            var isRead = load.Kind == "read";
            writer.WriteNodeId(new NodeId(0, isRead ? ReadRequest.EncodingId : WriteRequest.EncodingId));
            session.Head().Encode(ref writer);
            if (isRead)
            {
                writer.WriteDouble(0);
                writer.WriteInt32((int)TimestampsToReturn.Both);
            }

            writer.WriteInt32(load.Size);
            for (var i = 0; i < load.Size; i++)
            {
                writer.WriteNodeId(ids[(position + i) % ids.Length]);
                writer.WriteUInt32(AttributeIds.Value);
                writer.WriteString(null);
                if (isRead) writer.WriteQualifiedName(default);
                else writer.WriteDataValue(new DataValue((double)i));
            }
        }

        // Length and result tell enough: the fields are checked by the tests.
        private void Check(ReceivedMessage answer)
        {
            var reader = new UaReader(answer.Body, EncodingLimits.Default);
            var type = MessageBody.ReadTypeId(ref reader);
            var head = ResponseHeader.Decode(ref reader);
            var count = type is ReadResponse.EncodingId or WriteResponse.EncodingId ? reader.ReadInt32() : -1;
            if (count != load.Size || head.ServiceResult.IsBad)
                throw new InvalidOperationException($"i={type} with {head.ServiceResult} and {count} results");
        }
    }
}
