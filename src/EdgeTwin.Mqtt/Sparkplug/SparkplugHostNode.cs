namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>
/// One edge node as a host sees it, without a socket: its messages and the time come in, values and deaths go out
/// through <see cref="ISparkplugHostSink"/>. Births give names, aliases and types; nothing counts before them. After a
/// gap in <c>seq</c> the aliases may be others, so nothing counts until the node is born again. Not thread-safe.
/// </summary>
/// <remarks>
/// <code>
///            NBIRTH                  gap, unknown alias, data before a birth
/// Unknown ──────────> Born ───────────────────────────────────────────────> Doubted (rebirth due)
///    ^                 │ ^                        NBIRTH                        │
///    │     NDEATH      │ └─────────────────────────────────────────────────────┤
///    └─────────────────┴──────────── NDEATH, or no birth within Patience ───────┘
/// </code>
/// Times are milliseconds since 1970 in UTC.
/// </remarks>
public sealed class SparkplugHostNode
{
    private const ulong Patience = 5000;
    private const ulong AskEvery = 10_000;
    private const int MostDevices = 1000;
    private const int MostMetrics = 100_000;

    private readonly ISparkplugHostSink sink;
    private readonly Dictionary<ulong, Known> aliases = [];
    private readonly Dictionary<(string Device, string Name), SparkplugDataType> types = [];
    private readonly Dictionary<string, bool> devices = new(StringComparer.Ordinal); // whether born since the NBIRTH
    private long? birthDeath;
    private byte expected;
    private ulong? awaitsSince;
    private ulong? askedAt;

    /// <summary>Makes one of which nothing is known.</summary>
    public SparkplugHostNode(ISparkplugHostSink sink) => this.sink = sink;

    /// <summary>The node is born, and every message since then has come.</summary>
    public bool IsBorn { get; private set; }

    /// <summary>The node should be asked for a birth.</summary>
    public bool IsRebirthDue { get; private set; }

    /// <summary>Messages that were missed: how often <c>seq</c> jumped.</summary>
    public long Gaps { get; private set; }

    /// <summary>The host has (again) subscribed: what was sent meanwhile is not known, and births are not kept by
    /// brokers.</summary>
    public void Connected(ulong now)
    {
        if (IsBorn) Doubt(now);
        IsRebirthDue = true;
        askedAt = null;
    }

    /// <summary>Takes a message of the node or of a device.</summary>
    /// <param name="topic">Its topic; of this node.</param>
    /// <param name="bytes">Its payload.</param>
    /// <param name="now">The time.</param>
    /// <param name="limits">What the payload may ask for.</param>
    /// <exception cref="MqttException">The payload cannot be read; a rebirth is due then, unless it was an
    /// NDEATH.</exception>
    public void Receive(in SparkplugTopic topic, ReadOnlySpan<byte> bytes, ulong now, SparkplugLimits? limits = null)
    {
        if (topic.Type is not ("NBIRTH" or "DBIRTH" or "NDATA" or "DDATA" or "NDEATH" or "DDEATH")) return;
        SparkplugPayload payload;
        try
        {
            payload = SparkplugReader.Read(bytes, limits);
        }
        catch (MqttException)
        {
            if (topic.Type != "NDEATH") Doubt(now);
            throw;
        }

        if (topic.Type == "NDEATH") NodeDeath(payload);
        else if (topic.Type == "NBIRTH") NodeBirth(payload, now);
        else if (IsNext(payload, now)) Next(topic, payload, now);
    }

    /// <summary>Whether to send NCMD <c>Node Control/Rebirth</c> now; at most once in ten seconds.</summary>
    public bool TryTakeRebirth(ulong now)
    {
        if (!IsRebirthDue || (askedAt is { } last && now >= last && now - last < AskEvery)) return false;
        askedAt = now;
        IsRebirthDue = false; // what comes unexpected makes it due again
        return true;
    }

    /// <summary>Gives up what should have been born again by now.</summary>
    public void Look(ulong now)
    {
        if (awaitsSince is not { } since || now < since || now - since < Patience) return;
        awaitsSince = null;
        if (!IsBorn)
        {
            Forget();
            return;
        }

        foreach (var device in devices.Where(device => !device.Value).Select(device => device.Key).ToList())
        {
            devices.Remove(device);
            sink.Died(device);
        }
    }

    /// <summary>The payload of NCMD <c>Node Control/Rebirth</c> (§6.4.20).</summary>
    public static byte[] RebirthCommand(ulong now)
    {
        var writer = new SparkplugWriter();
        writer.Begin(now, null);
        writer.Metric(new SparkplugMetric
        {
            Name = SparkplugEdgeNode.RebirthName,
            Timestamp = now,
            DataType = SparkplugDataType.Boolean,
            Value = SparkplugValue.From(true),
        });
        return writer.Written.ToArray();
    }

    // The will of an earlier connection may come after the next birth; its bdSeq says so (§6.4.19).
    private void NodeDeath(SparkplugPayload payload)
    {
        if (birthDeath is { } born && BirthDeathOf(payload) is { } died && born != died) return;
        IsRebirthDue = false;
        Forget();
    }

    private void NodeBirth(SparkplugPayload payload, ulong now)
    {
        if (payload.Sequence is not <= 255)
        {
            Doubt(now);
            return;
        }

        aliases.Clear();
        types.Clear();
        foreach (var device in devices.Keys.ToList()) devices[device] = false; // each has to be born again
        awaitsSince = devices.Count > 0 ? now : null;
        (IsBorn, IsRebirthDue) = (true, false);
        birthDeath = BirthDeathOf(payload);
        expected = unchecked((byte)(payload.Sequence.Value + 1));
        Birth(null, payload, now);
    }

    private bool IsNext(SparkplugPayload payload, ulong now)
    {
        if (!IsBorn)
        {
            Doubt(now);
            return false;
        }

        if (payload.Sequence == expected)
        {
            expected++; // 255 is followed by 0
            return true;
        }

        Gaps++;
        Doubt(now);
        return false;
    }

    private void Next(in SparkplugTopic topic, SparkplugPayload payload, ulong now)
    {
        switch (topic.Type)
        {
            case "DBIRTH" when devices.ContainsKey(topic.Device!) || devices.Count < MostDevices:
                Unlearn(topic.Device!);
                devices[topic.Device!] = true;
                Birth(topic.Device, payload, now);
                break;
            case "DDEATH":
                if (!devices.Remove(topic.Device!)) break;
                Unlearn(topic.Device!);
                sink.Died(topic.Device);
                break;
            case "NDATA":
            case "DDATA" when devices.GetValueOrDefault(topic.Device!):
                Data(topic.Device, payload, now);
                break;
            default: // data of a device before its birth, or too many of them
                Doubt(now);
                break;
        }
    }

    private void Birth(string? device, SparkplugPayload payload, ulong now)
    {
        sink.Born(device);
        foreach (var metric in payload.Metrics)
        {
            if (metric.Name is not { } name || name == SparkplugEdgeNode.BirthDeathName) continue;
            if (types.Count >= MostMetrics) break;
            types[(device ?? "", name)] = metric.DataType;
            if (metric.Alias is { } alias && !aliases.TryAdd(alias, new Known(device, name, metric.DataType))
                && aliases[alias] != new Known(device, name, metric.DataType))
            {
                Doubt(now); // one alias for two metrics: whose a value is cannot be told
                return;
            }
            Tell(device, name, metric.DataType, metric, payload.Timestamp);
        }
    }

    // What a template has comes as metrics named instance/member. A definition has no values.
    private void Tell(string? device, string name, SparkplugDataType type, in SparkplugMetric metric, ulong? sent)
    {
        if (metric.Value.Template is not { } template)
        {
            sink.Value(device, name, type, in metric, sent);
            return;
        }

        if (template.IsDefinition) return;
        foreach (var member in template.Metrics)
        {
            if (member.Name is not { } last) continue;
            var full = $"{name}/{last}";
            Tell(device, full, TypeOf(device, full, member.DataType), member with
            {
                IsHistorical = member.IsHistorical || metric.IsHistorical,
                Timestamp = member.Timestamp ?? metric.Timestamp,
            }, sent);
        }
    }

    // Births say the types of members; data may.
    private SparkplugDataType TypeOf(string? device, string member, SparkplugDataType said)
    {
        var key = (device ?? "", member);
        if (said == SparkplugDataType.Unknown) return types.GetValueOrDefault(key);
        if (types.Count < MostMetrics || types.ContainsKey(key)) types[key] = said;
        return said;
    }

    private void Data(string? device, SparkplugPayload payload, ulong now)
    {
        sink.Data(payload);
        foreach (var metric in payload.Metrics)
        {
            if (metric.Alias is { } alias)
            {
                if (!aliases.TryGetValue(alias, out var known) || known.Device != device)
                {
                    Doubt(now);
                    return;
                }
                Tell(device, known.Name, known.Type, metric, payload.Timestamp);
            }
            else if (metric.Name is { } name && types.TryGetValue((device ?? "", name), out var type))
                Tell(device, name, type, metric, payload.Timestamp);
            else
            {
                Doubt(now);
                return;
            }
        }
    }

    private void Doubt(ulong now)
    {
        if (IsBorn || awaitsSince is null) awaitsSince = now;
        IsBorn = false;
        IsRebirthDue = true;
    }

    // A device may come back with other metrics.
    private void Unlearn(string device)
    {
        foreach (var (alias, _) in aliases.Where(pair => pair.Value.Device == device).ToList())
            aliases.Remove(alias);
        foreach (var key in types.Keys.Where(key => key.Device == device).ToList()) types.Remove(key);
    }

    private void Forget()
    {
        (IsBorn, birthDeath, awaitsSince) = (false, null, null);
        aliases.Clear();
        types.Clear();
        devices.Clear();
        sink.Died(null);
    }

    private static long? BirthDeathOf(SparkplugPayload payload)
    {
        foreach (var metric in payload.Metrics)
            if (metric.Name == SparkplugEdgeNode.BirthDeathName) return unchecked((long)metric.Value.Bits);
        return null;
    }

    private readonly record struct Known(string? Device, string Name, SparkplugDataType Type);
}
