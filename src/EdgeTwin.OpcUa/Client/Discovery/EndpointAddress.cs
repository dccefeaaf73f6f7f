namespace EdgeTwin.OpcUa.Client.Discovery;

/// <summary>The address under which an announced endpoint is really reached.</summary>
internal static class EndpointAddress
{
    private const int DefaultPort = 4840;

    /// <summary>
    /// Servers behind address translation or with a wrong name announce hosts and ports that nobody can reach. What was
    /// reached once stays right, so host and port are those of the address in use, and the path is the announced one
    /// (OPC 10000-4 §5.5.4.1).
    /// </summary>
    public static Uri Reachable(Uri used, string? announced)
    {
        var builder = new UriBuilder(used) { Port = used.Port > 0 ? used.Port : DefaultPort };
        if (Uri.TryCreate(announced, UriKind.Absolute, out var other) && other.Scheme == "opc.tcp"
            && other.AbsolutePath.Length > 1)
            builder.Path = other.AbsolutePath;
        return builder.Uri;
    }
}
