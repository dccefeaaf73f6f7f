using System.Text.Json;
using EdgeTwin.Mqtt;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>
/// What the MQTT uplinks of other gateways send (docs/payload.md). Each value has its place <c>(epoch, seq)</c> there:
/// what is not newer than the newest of its tag is history where it comes for the first time, and passed over where it
/// came before. A gateway that says <c>offline</c> takes its tags with it and nobody else's.
/// </summary>
internal sealed class JsonDecoder : IMqttDecoder
{
    private const string StatusLevel = "$gateway";
    private const int MostLevels = 64;

    private readonly MqttSamples samples;
    private readonly Dictionary<string, JsonChild> children = new(StringComparer.Ordinal);

    public JsonDecoder(MqttSamples samples, IReadOnlyList<MqttTarget> targets)
    {
        (this.samples, Targets) = (samples, targets);
        foreach (var asset in targets.GroupBy(target => target.Address.Place, StringComparer.Ordinal))
            children.Add(asset.Key, new JsonChild(asset.Key, asset));
        // acme/line/# takes in acme/line/pump-7/#, and a broker may send twice what two filters fit.
        Filters = [.. children.Keys.Where(path => !children.Keys.Any(above => IsAbove(above, path)))
            .Select(path => path + "/#")];
        StatusFilters = [.. children.Keys.Select(path => $"{path}/{StatusLevel}")];
    }

    public IReadOnlyList<MqttTarget> Targets { get; }

    public IReadOnlyList<string> Filters { get; }

    public IReadOnlyList<string> StatusFilters { get; }

    public string TopicOf(MqttTarget target) => $"{target.Address.Place}/{target.Address.Name}";

    public void Connected()
    {
        foreach (var child in children.Values) child.IsOffline = false; // the kept status says it anew
    }

    public void Take(MqttMessage message, in MqttIntake into)
    {
        if (Find(message.Topic) is not { } child) return;
        var topic = message.Topic.AsSpan(child.Path.Length + 1);
        if (topic is StatusLevel)
        {
            TakeStatus(child, message.Payload.Span, in into);
            return;
        }

        var payload = MqttPayload.Unpack(ref topic, message.Payload);
        using var json = MqttPayload.Json(payload);
        try
        {
            Take(child, topic[(topic.LastIndexOf('/') + 1)..].ToString(), json.RootElement, message.Retain,
                in into);
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            // A member is missing or of another kind, or a text has half a surrogate pair.
            throw new InvalidDataException($"it is not what an uplink sends: {wrong.Message}", wrong);
        }
    }

    public void Look(in MqttIntake into)
    {
    }

    public (string Topic, byte[] Payload)? TakeCommand() => null;

    private void TakeStatus(JsonChild child, ReadOnlySpan<byte> status, in MqttIntake into)
    {
        var isOffline = status.SequenceEqual("offline"u8);
        if (!isOffline && !status.SequenceEqual("online"u8))
            throw new InvalidDataException("the status of a gateway is 'online' or 'offline'");
        if (child.IsOffline == isOffline) return;
        child.IsOffline = isOffline;
        MqttSourceLog.ChildStatus(samples.Context.Logger, samples.Context.Name, child.Path,
            isOffline ? "offline: its tags are BadNoCommunication" : "online");
        foreach (var target in child.Targets)
        {
            if (isOffline) samples.Tell(target, StatusCode.BadNoCommunication, in into);
            else if (target.Waiting is { } waiting) MqttSamples.Add(target, in waiting, in into);
        }
    }

    private void Take(JsonChild child, string name, JsonElement json, bool isKept, in MqttIntake into)
    {
        if (json.ValueKind == JsonValueKind.Array)
            foreach (var scan in json.EnumerateArray()) TakeScan(child, scan, isKept, in into);
        else if (json.TryGetProperty("values", out _)) TakeScan(child, json, isKept, in into);
        else if (child.Find(name) is var targets && (targets.Length > 0 || HasPlace(json)))
        {
            var place = (json.GetProperty("epoch").GetInt64(), json.GetProperty("seq").GetInt64());
            var value = new Received(place, json.GetProperty("value"), Status(json), Time(json), isKept);
            Take(child, targets, value, in into);
        }
    }

    private static bool HasPlace(JsonElement json) => json.TryGetProperty("value", out _)
        && json.TryGetProperty("time", out _)
        && json.TryGetProperty("epoch", out _) && json.TryGetProperty("seq", out _);

    // The places: one after the other, or 'seqs' where a filter left some out, or 'new' of those that are new.
    private void TakeScan(JsonChild child, JsonElement scan, bool isKept, in MqttIntake into)
    {
        var (epoch, first, time) = (scan.GetProperty("epoch").GetInt64(), scan.GetProperty("seq").GetInt64(),
            Time(scan));
        var hasPlaces = scan.TryGetProperty("seqs", out var places);
        var hasNews = scan.TryGetProperty("new", out var news);
        var hasQuality = scan.TryGetProperty("quality", out var quality);
        var at = -1;
        foreach (var value in scan.GetProperty("values").EnumerateObject())
        {
            at++;
            JsonElement own = default;
            if (hasNews && !news.TryGetProperty(value.Name, out own)) continue;
            if (hasPlaces && at >= places.GetArrayLength())
                throw new InvalidDataException("'seqs' has fewer places than 'values' has values");
            var sequence = hasNews ? own.GetInt64() : hasPlaces ? places[at].GetInt64() : first + at;
            var status = hasQuality && quality.TryGetProperty(value.Name, out var bad)
                ? Status(bad.GetString()!) : StatusCode.Good;
            var received = new Received((epoch, sequence), value.Value, status, time, isKept);
            Take(child, child.Find(value.Name), in received, in into);
        }
    }

    // What nobody reads counts too: so the places that came stay one range.
    private void Take(JsonChild child, MqttTarget[] targets, in Received received, in MqttIntake into)
    {
        if (child.IsOffline && received.IsKept) return; // what the gateway said before it went
        var isKnown = child.Knows(received.Place, received.Time);
        foreach (var target in targets)
        {
            var isNew = IsNew(target, received);
            if (!isNew && isKnown) continue;
            var sample = Sample(target, in received);
            if (!isNew)
            {
                into.Late.Add(in sample);
                continue;
            }

            (target.Place, target.PlaceTime) = (received.Place, received.Time);
            if (child.IsOffline) MqttSamples.Wait(target, in sample, in into); // its 'online' may still be on the way
            else MqttSamples.Add(target, in sample, in into);
        }
    }

    private Sample Sample(MqttTarget target, in Received received)
    {
        var isMissing = received.Value.ValueKind == JsonValueKind.Null && !received.Status.IsBad;
        var value = received.Status.IsBad ? TagValue.None : MqttValue.Read(received.Value, target.Tag.Config.Type);
        return samples.Make(target, value, isMissing ? StatusCode.BadNoData : received.Status, received.Time);
    }

    private static bool IsNew(MqttTarget target, in Received received)
    {
        if (target.Place is not { } newest) return true;
        // After a loss, what the broker had kept is known already and still the newest there is.
        if (received.Place == newest) return received.IsKept && !target.IsHeard;
        if (received.Place.Epoch == newest.Epoch) return received.Place.Sequence > newest.Sequence;
        // A gateway that lost its data folder counts its epochs from the beginning; its times go on.
        return received.Place.Epoch > newest.Epoch || received.Time > target.PlaceTime;
    }

    /// <summary>The asset with the longest path that the topic lies under.</summary>
    private JsonChild? Find(string topic)
    {
        var paths = children.GetAlternateLookup<ReadOnlySpan<char>>();
        var path = topic.AsSpan();
        for (var levels = 0; levels < MostLevels && path.LastIndexOf('/') is var slash and > 0; levels++)
        {
            path = path[..slash];
            if (paths.TryGetValue(path, out var child)) return child;
        }

        return null;
    }

    private static bool IsAbove(string above, string path) =>
        path.Length > above.Length && path[above.Length] == '/' && path.StartsWith(above, StringComparison.Ordinal);

    private static DateTime Time(JsonElement json) => json.GetProperty("time").GetDateTimeOffset().UtcDateTime;

    private static StatusCode Status(JsonElement json) =>
        json.TryGetProperty("status", out var code) ? new StatusCode(code.GetUInt32())
        : json.TryGetProperty("quality", out var name) ? Status(name.GetString()!)
        : StatusCode.Good;

    private static StatusCode Status(string name) => StatusCode.TryParse(name, out var status)
        ? status : throw new InvalidDataException($"'{name}' is no quality");

    private readonly record struct Received(
        (long Epoch, long Sequence) Place, JsonElement Value, StatusCode Status, DateTime Time, bool IsKept);
}
