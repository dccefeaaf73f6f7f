using System.Net;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>What the own certificate says about this application.</summary>
public sealed record ApplicationIdentity
{
    /// <summary>Application URI, unique in the world and the same for ever, such as
    /// <c>urn:plant7.example.org:EdgeTwin:press-3</c>.</summary>
    public required string ApplicationUri { get; init; }

    /// <summary>Name for people; the common name.</summary>
    public required string ApplicationName { get; init; }

    /// <summary>Organization; none when null.</summary>
    public string? Organization { get; init; }

    /// <summary>Names under which clients dial this host.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Addresses under which clients dial this host.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Length of new RSA keys: 2048, 3072 or 4096.</summary>
    public int RsaKeyBits { get; init; } = 2048;

    /// <summary>How long a new certificate is valid; five years by default.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(5 * 365);
}
