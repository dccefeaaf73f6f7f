using System.Buffers;
using BenchmarkDotNet.Attributes;
using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Benchmarks;

/// <summary>What a message costs in the codecs alone, without a socket; run by BenchmarkDotNet, which wants it public
/// and open.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks : IDisposable
{
    private const int Metrics = 100;
    private static readonly byte[] Topic = "acme/pump-7/data"u8.ToArray();
    private readonly byte[] payload = new byte[100];
    private readonly byte[] acknowledgement = [0x40, 2, 0, 0];
    private readonly OutputBuffer output = new();
    private readonly SparkplugWriter sparkplug = new();
    private MqttSession session = new(new MqttClientOptions { Host = "broker", ClientId = "bench" });

    /// <summary>MQTT version of the messages.</summary>
    [Params(MqttProtocolVersion.V311, MqttProtocolVersion.V5)]
    public MqttProtocolVersion Version { get; set; }

    /// <summary>Connects.</summary>
    [GlobalSetup]
    public void Connect()
    {
        session = new MqttSession(new MqttClientOptions
        {
            Host = "broker",
            ClientId = "bench",
            Version = Version,
            Window = 100,
        });
        session.Connect(output, TimeSpan.Zero);
        Receive(Version == MqttProtocolVersion.V5 ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0]);
        output.Clear();
    }

    /// <summary>Gives the buffers back.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        output.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A message of 100 bytes with QoS 0 is written.</summary>
    [Benchmark]
    public int PublishQos0()
    {
        output.Clear();
        session.TryPublish(output, Topic, payload, MqttQos.AtMostOnce, false, null, null, 0, TimeSpan.Zero);
        return output.Count;
    }

    /// <summary>A message of 100 bytes with QoS 1 is written, and its PUBACK read.</summary>
    [Benchmark]
    public bool PublishQos1()
    {
        output.Clear();
        session.TryPublish(output, Topic, payload, MqttQos.AtLeastOnce, false, null, null, 0, TimeSpan.Zero);
        // The packet identifier stands behind the topic (§3.3.2.2).
        output.Written.Slice(2 + 2 + Topic.Length, 2).CopyTo(acknowledgement.AsMemory(2));
        return Receive(acknowledgement).Completed;
    }

    /// <summary>A DDATA payload of a hundred metrics is written.</summary>
    [Benchmark]
    public int SparkplugData()
    {
        sparkplug.Begin(1_700_000_000_000, 7);
        for (var i = 0; i < Metrics; i++)
        {
            sparkplug.Metric(new SparkplugMetric
            {
                Alias = (ulong)i,
                Timestamp = 1_700_000_000_000,
                Value = SparkplugValue.FromDoubleBits((ulong)i),
            });
        }

        return sparkplug.Length;
    }

    private MqttEffect Receive(byte[] packet)
    {
        var buffer = new ReadOnlySequence<byte>(packet);
        MqttFrame.TryRead(ref buffer, 4096, out var frame);
        return session.Receive(frame.Type, frame.Flags, frame.Body.FirstSpan, output, TimeSpan.Zero);
    }
}
