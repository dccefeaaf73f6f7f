using EdgeTwin.Tags;

namespace EdgeTwin.Brokers;

/// <summary>What a source and an uplink over MQTT have in common: where the broker is, and as whom to
/// connect.</summary>
internal interface IBrokerConfig
{
    Uri Endpoint { get; }

    IReadOnlyList<Uri> Alternatives { get; }

    string Protocol { get; }

    string? ClientId { get; }

    string? User { get; }

    SecretReference? Password { get; }

    string? CaFile { get; }

    string? ServerName { get; }

    string? CertificateFile { get; }

    string? KeyFile { get; }

    SecretReference? CertificatePassword { get; }

    TimeSpan KeepAlive { get; }
}
