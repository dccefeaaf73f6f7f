using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>What a certificate is to be good for.</summary>
public sealed record CertificateQuestion
{
    /// <summary>As what the peer shows it.</summary>
    public required CertificateRole Role { get; init; }

    /// <summary>Policy whose key it must have; null to accept the keys of all.</summary>
    public SecurityPolicy? Policy { get; init; }

    /// <summary>Application URI that it must name; null while that is not known, as in OpenSecureChannel.</summary>
    public string? ApplicationUri { get; init; }

    /// <summary>Host that we dialled, which it must name; null to leave that out. Only for servers.</summary>
    public string? HostName { get; init; }
}
