using System.ComponentModel.DataAnnotations;
using EdgeTwin.Brokers;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream;

/// <summary>What every uplink over MQTT has: where the broker is, and as whom to connect.</summary>
internal abstract record BrokerUplinkConfig : UplinkConfig, IBrokerConfig
{
    /// <summary>Broker, such as <c>mqtt://127.0.0.1:1883</c> or <c>mqtts://broker.example:8883</c>; through a WebSocket
    /// <c>ws://broker.example/mqtt</c> or <c>wss://broker.example/mqtt</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Further brokers, such as the other nodes of a cluster: the next one is tried when one is
    /// away.</summary>
    public IReadOnlyList<Uri> Alternatives { get; init; } = [];

    /// <summary>Version of MQTT: <c>3.1.1</c> or <c>5</c>.</summary>
    public string Protocol { get; init; } = "3.1.1";

    /// <summary>Client identifier; the gateway's id when absent.</summary>
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

    /// <summary>Messages that may be without acknowledgement at a time.</summary>
    [Range(1, 65535)]
    public int Window { get; init; } = 100;
}
