using System.ComponentModel.DataAnnotations;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>A machine, PLC or server that is read over OPC UA.</summary>
internal sealed record OpcUaSourceConfig : SourceConfig, IConfigCheck
{
    /// <summary>Makes one with the patience that certificates and large folders take.</summary>
    public OpcUaSourceConfig() => Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Where the server is, such as <c>opc.tcp://192.0.2.10:4840</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Security policy: <c>Basic256Sha256</c>, <c>Aes128_Sha256_RsaOaep</c>, <c>Aes256_Sha256_RsaPss</c>,
    /// <c>ECC_nistP256</c>, <c>ECC_nistP384</c>, or <c>None</c>, which is never taken by itself.</summary>
    public string Policy { get; init; } = "Basic256Sha256";

    /// <summary>How messages are protected; with policy <c>None</c> they are not.</summary>
    public OpcUaMode Mode { get; init; } = OpcUaMode.SignAndEncrypt;

    /// <summary>User name; anonymous when absent.</summary>
    public string? User { get; init; }

    /// <summary>Password, by reference only: <c>env:NAME</c> or <c>file:PATH</c>.</summary>
    public SecretReference? Password { get; init; }

    /// <summary>Folder of the certificates: own, trusted, issuers, rejected; <c>pki</c> in the gateway's data folder
    /// when absent.</summary>
    public string? Pki { get; init; }

    /// <summary>Which servers are believed to be who they say they are.</summary>
    public OpcUaTrust Trust { get; init; }

    /// <summary><c>subscribe</c>: the server tells of changes. <c>cyclic</c>: every tag is read each
    /// <c>scan</c>.</summary>
    public OpcUaReading Reading { get; init; }

    /// <summary>How often the server sends what changed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Publishing { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the server looks at a value; as often as it sends when absent.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan? Sampling { get; init; }

    /// <summary>Values of a tag that the server keeps until it sends them; older ones are dropped and the next value
    /// says so.</summary>
    [Range(1, 100_000)]
    public int QueueSize { get; init; } = 10;

    /// <summary>The server says at least this often that it is there.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether what was missed in an outage is read from the server's history, where it has one.</summary>
    public bool Backfill { get; init; } = true;

    /// <summary>Longest stretch of history that is read after an outage.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan BackfillAtMost { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often addresses that were not found, and what <c>discover</c> finds, are looked up again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BrowseEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Places below which variables are looked for, such as <c>browse:Plant/Pump/*</c>, or
    /// <c>browse:Plant/**</c> for all levels. What is found and is no tag yet is written to
    /// <c>discovered</c>.</summary>
    public IReadOnlyList<string> Discover { get; init; } = [];

    /// <summary>CSV file that gets what <c>discover</c> finds. Named under <c>tagFiles</c> too, its rows are tags from
    /// the next start on.</summary>
    public string? Discovered { get; init; }

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Message)> Check() => OpcUaSourceCheck.Check(this);
}
