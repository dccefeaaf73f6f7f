using System.Security.Cryptography.X509Certificates;

namespace EdgeTwin.Mqtt;

/// <summary>How the connection is secured.</summary>
public sealed record MqttTlsOptions
{
    /// <summary>Name that the broker's certificate must carry; the host when absent.</summary>
    public string? ServerName { get; init; }

    /// <summary>Authorities that are trusted instead of the system's; absence means the system's.</summary>
    public X509Certificate2Collection? TrustedAuthorities { get; init; }

    /// <summary>Certificate with private key by which this client proves who it is.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Certificates between the client's own and an authority that the broker knows; absent for
    /// none.</summary>
    public X509Certificate2Collection? ClientChain { get; init; }
}
