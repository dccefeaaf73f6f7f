using System.Net;
using EdgeTwin.Diagnostics;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Server.Users;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>From what the user wrote to what the server needs.</summary>
internal static class TwinServerOptions
{
    public static OpcUaServerOptions From(
        OpcUaServerConfig config, string gatewayId, string pkiFolder, IUserValidator users) => new()
        {
            ApplicationName = config.ApplicationName ?? $"EdgeTwin {gatewayId}",
            ApplicationUri = config.ApplicationUri ?? ApplicationUriOf(gatewayId),
            ProductUri = "urn:edgetwin",
            BuildInfo = new BuildInfo
            {
                ProductUri = "urn:edgetwin",
                ManufacturerName = "EdgeTwin",
                ProductName = "EdgeTwin",
                SoftwareVersion = Product.Version,
                BuildNumber = Product.Version,
            },
            BindAddress = IPAddress.Parse(config.Bind),
            Port = config.Port,
            HostNames = config.HostNames.Count > 0 ? config.HostNames : HostNamesOf(IPAddress.Parse(config.Bind)),
            Security = [.. SecurityOf(config)],
            PkiFolder = pkiFolder,
            Users = users,
            DiscoveryServer = config.DiscoveryServer,
            Sessions = new SessionLimits { MaxSessions = config.MaxSessions },
            Limits = new ServerLimits
            {
                MaxMonitoredItems = (uint)config.MaxMonitoredItems,
                MinPublishingInterval = config.MinPublishingInterval,
            },
        };

    /// <summary>Uri of a gateway as an OPC UA application where the configuration names none.</summary>
    public static string ApplicationUriOf(string gatewayId) => $"urn:edgetwin:gateway:{gatewayId}";

    // Bound to one address, nobody reaches it by another.
    private static IReadOnlyList<string> HostNamesOf(IPAddress bind) =>
        bind.Equals(IPAddress.Any) || bind.Equals(IPAddress.IPv6Any) ? [] : [bind.ToString()];

    private static IEnumerable<EndpointSecurity> SecurityOf(OpcUaServerConfig config)
    {
        // Best first: encrypted before signed, and no security last.
        foreach (var mode in config.Modes.Distinct().OrderDescending())
        {
            foreach (var policy in config.Policies.Where(policy => policy != "None"))
                yield return new EndpointSecurity(policy, mode == OpcUaMode.Sign
                    ? MessageSecurityMode.Sign : MessageSecurityMode.SignAndEncrypt);
        }

        if (config.Policies.Contains("None")) yield return EndpointSecurity.None;
    }
}
