using System.ComponentModel.DataAnnotations;
using EdgeTwin.Brokers;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>Other gateways, edge nodes or devices that are read at an MQTT broker.</summary>
internal sealed record MqttSourceConfig : SourceConfig, IBrokerConfig, IConfigCheck
{
    /// <summary>Makes one with the patience that a connection with TLS takes.</summary>
    public MqttSourceConfig() => Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Broker, such as <c>mqtt://127.0.0.1:1883</c> or <c>mqtts://broker.example:8883</c>; through a WebSocket
    /// <c>ws://broker.example/mqtt</c> or <c>wss://broker.example/mqtt</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Further brokers, such as the other nodes of a cluster: the next one is tried when one is
    /// away.</summary>
    public IReadOnlyList<Uri> Alternatives { get; init; } = [];

    /// <summary>What the messages hold.</summary>
    public MqttSourceFormat Format { get; init; }

    /// <summary>Topic filters to subscribe to; as the addresses of the tags need when absent. For <c>json</c> and
    /// <c>value</c>.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Name of a group of subscribers that share the messages, each of which goes to one of them
    /// (<c>$share</c>). Every subscriber gets all when absent. Not for <c>sparkplug</c>.</summary>
    public string? Share { get; init; }

    /// <summary>How long the broker keeps messages for this source while it is away, with MQTT 5 (with 3.1.1 as long as
    /// the broker likes); not at all when absent.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan? Session { get; init; }

    /// <summary>Messages per subscription that wait to be taken in; when it is full, reading from the broker
    /// waits.</summary>
    [Range(1, 100_000)]
    public int Queue { get; init; } = 1024;

    /// <summary>Version of MQTT: <c>3.1.1</c> or <c>5</c>.</summary>
    public string Protocol { get; init; } = "3.1.1";

    /// <summary>Client identifier; the gateway's id and the source's name with a hyphen between when absent.</summary>
    public string? ClientId { get; init; }

    /// <summary>User name.</summary>
    public string? User { get; init; }

    /// <summary>Password, by reference only: <c>env:NAME</c> or <c>file:PATH</c>.</summary>
    public SecretReference? Password { get; init; }

    /// <summary>PEM file of the authority that signed the broker's certificate; the system's store when
    /// absent.</summary>
    public string? CaFile { get; init; }

    /// <summary>Name that the broker's certificate must carry; the endpoint's host when absent.</summary>
    public string? ServerName { get; init; }

    /// <summary>File with the certificate by which the gateway proves who it is: PEM, which needs <c>keyFile</c>, or
    /// PKCS#12 (<c>.p12</c>, <c>.pfx</c>), which has the key in it.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with the private key of that certificate.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Password of the key file or of the PKCS#12 file, by reference only; absent when there is
    /// none.</summary>
    public SecretReference? CertificatePassword { get; init; }

    /// <summary>Keep-alive interval, 0 to 65535 s; 0 switches it off. A broken connection is found within 1.5 times
    /// this.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Message)> Check() => MqttSourceCheck.Check(this);
}
