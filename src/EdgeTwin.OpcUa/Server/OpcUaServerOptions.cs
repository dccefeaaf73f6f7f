using System.Net;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Server.Users;

namespace EdgeTwin.OpcUa.Server;

/// <summary>What an OPC UA server is to be.</summary>
public sealed record OpcUaServerOptions
{
    /// <summary>Name for people, for example <c>EdgeTwin</c>.</summary>
    public required string ApplicationName { get; init; }

    /// <summary>Globally unique name of this installation, for example <c>urn:press-7:EdgeTwin</c>; it is namespace 1
    /// and stands in the
    /// certificate.</summary>
    public required string ApplicationUri { get; init; }

    /// <summary>Name of the product.</summary>
    public string ProductUri { get; init; } = "urn:edgetwin";

    /// <summary>Product, manufacturer and version, as ServerStatus tells them.</summary>
    public BuildInfo BuildInfo { get; init; } = new() { ProductUri = "urn:edgetwin", ProductName = "EdgeTwin" };

    /// <summary>Address that is listened on; default every IPv4 address.</summary>
    public IPAddress BindAddress { get; init; } = IPAddress.Any;

    /// <summary>TCP port, 0-65535; 0 lets the system choose. Default 4840.</summary>
    public int Port { get; init; } = 4840;

    /// <summary>Host names and addresses under which clients reach it, best first; empty means the host's own name.
    /// They stand in the
    /// endpoints and in the certificate.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>What clients may choose from, best first; default: every policy but None, in Sign and
    /// SignAndEncrypt.</summary>
    public IReadOnlyList<EndpointSecurity> Security { get; init; } = EndpointSecurity.AllSecure;

    /// <summary>Folder of certificates (<c>own</c>, <c>trusted</c>, <c>issuers</c>, <c>rejected</c>, <c>users</c>);
    /// null makes one for the life of the server,
    /// and then trusts nobody by folder.</summary>
    public string? PkiFolder { get; init; }

    /// <summary>Takes every well-formed client certificate, trusted or not. For benches and tests. Default
    /// false.</summary>
    public bool AcceptAnyClientCertificate { get; init; }

    /// <summary>Takes every well-formed certificate of a user, trusted or not. For benches and tests. Default
    /// false.</summary>
    public bool AcceptAnyUserCertificate { get; init; }

    /// <summary>How strictly certificates are judged.</summary>
    public CertificateValidatorOptions Certificates { get; init; } = new();

    /// <summary>What one connection may cost.</summary>
    public ChannelLimits Channel { get; init; } = new();

    /// <summary>Most connections at a time, 1 and up; default 256.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>Who may log on and as what; default: nobody, not even anonymous.</summary>
    public IUserValidator Users { get; init; } = UserTable.Nobody;

    /// <summary>What is published in ServerCapabilities and kept by the services; MaxSessions of <see cref="Sessions"/>
    /// counts.</summary>
    public ServerLimits Limits { get; init; } = new();

    /// <summary>Where the history of nodes comes from; null when there is none.</summary>
    public IHistoryProvider? History { get; init; }

    /// <summary>How long sessions last.</summary>
    public SessionLimits Sessions { get; init; } = new();

    /// <summary>Clients that the server dials (reverse connect), as <c>opc.tcp://host:port</c>.</summary>
    public IReadOnlyList<Uri> ReverseConnectTo { get; init; } = [];

    /// <summary>Discovery server to register with, as <c>opc.tcp://host:4840</c>; null is none. Its certificate must be
    /// trusted like a client's, and the server's by it.</summary>
    public Uri? DiscoveryServer { get; init; }
}
