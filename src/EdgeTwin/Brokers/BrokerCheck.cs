namespace EdgeTwin.Brokers;

/// <summary>Finds what is wrong with what every source and uplink over MQTT has.</summary>
internal static class BrokerCheck
{
    public static IEnumerable<(string Key, string Message)> Check(IBrokerConfig config)
    {
        if (ProblemOf(config.Endpoint, config) is { } problem) yield return ("endpoint", problem);
        foreach (var alternative in config.Alternatives)
            if (ProblemOf(alternative, config) is { } other) yield return ("alternatives", other);
        if (config.Protocol is not ("3.1.1" or "5"))
            yield return ("protocol",
                $"'{config.Protocol}' is no version of MQTT that is spoken here; write 3.1.1 or 5");
        if (config.Password is not null && config.User is null) yield return ("password", "a password needs a 'user'");
        foreach (var finding in CheckCertificate(config)) yield return finding;
        if (config.KeepAlive < TimeSpan.Zero || config.KeepAlive > TimeSpan.FromSeconds(65_535))
            yield return ("keepAlive", $"{config.KeepAlive} is outside 0 s to 65535 s");
        if (config.ClientId is { Length: 0 }) yield return ("clientId",
            "the client id is empty; leave the key out for the gateway's id");
    }

    private static string? ProblemOf(Uri endpoint, IBrokerConfig config)
    {
        if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("mqtt" or "mqtts" or "ws" or "wss")
            || endpoint.Host.Length == 0)
            return $"'{endpoint}' is not a broker; write mqtt://host:1883, or mqtts://host:8883 for TLS, "
                + "or wss://host/path through a WebSocket";
        if (endpoint.UserInfo.Length > 0)
            return "user and password do not belong into the address; use 'user' and 'password: env:NAME'";
        return endpoint.Scheme is "mqtt" or "ws"
            && (config.CaFile ?? config.ServerName ?? config.CertificateFile) is not null
            ? $"'{endpoint}' is without TLS, yet certificates are given; write {endpoint.Scheme}s://"
            : null;
    }

    private static IEnumerable<(string Key, string Message)> CheckCertificate(IBrokerConfig config)
    {
        if (BrokerOptions.IsPkcs12(config.CertificateFile))
        {
            if (config.KeyFile is not null)
                yield return ("keyFile", $"'{config.CertificateFile}' has the key in it; leave 'keyFile' out");
        }
        else if (config.CertificateFile is null != config.KeyFile is null)
            yield return ("certificateFile", "'certificateFile' and 'keyFile' come together, unless it is a .p12 file");
        if (config.CertificatePassword is not null && config.CertificateFile is null)
            yield return ("certificatePassword", "a password of a certificate needs a 'certificateFile'");
    }
}
