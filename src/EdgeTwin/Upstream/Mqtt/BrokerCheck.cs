namespace EdgeTwin.Upstream.Mqtt;

/// <summary>Finds what is wrong with what every uplink over MQTT has.</summary>
internal static class BrokerCheck
{
    public static IEnumerable<(string Key, string Message)> Check(BrokerUplinkConfig config)
    {
        if (!config.Endpoint.IsAbsoluteUri || config.Endpoint.Scheme is not ("mqtt" or "mqtts" or "ws" or "wss")
            || config.Endpoint.Host.Length == 0)
            yield return ("endpoint",
                $"'{config.Endpoint}' is not a broker; write mqtt://host:1883, or mqtts://host:8883 for TLS, "
                + "or wss://host/path through a WebSocket");
        else if (config.Endpoint.UserInfo.Length > 0)
            yield return ("endpoint",
                "user and password do not belong into the address; use 'user' and 'password: env:NAME'");
        else if (config.Endpoint.Scheme is "mqtt" or "ws"
            && (config.CaFile ?? config.ServerName ?? config.CertificateFile) is not null)
            yield return ("endpoint",
                $"'{config.Endpoint}' is without TLS, yet certificates are given; write {config.Endpoint.Scheme}s://");
        if (config.Protocol is not ("3.1.1" or "5"))
            yield return ("protocol",
                $"'{config.Protocol}' is no version of MQTT that is spoken here; write 3.1.1 or 5");
        if (config.Password is not null && config.User is null) yield return ("password", "a password needs a 'user'");
        foreach (var problem in CheckCertificate(config)) yield return problem;
        if (config.KeepAlive < TimeSpan.Zero || config.KeepAlive > TimeSpan.FromSeconds(65_535))
            yield return ("keepAlive", $"{config.KeepAlive} is outside 0 s to 65535 s");
        if (config.ClientId is { Length: 0 }) yield return ("clientId",
            "the client id is empty; leave the key out for the gateway's id");
    }

    private static IEnumerable<(string Key, string Message)> CheckCertificate(BrokerUplinkConfig config)
    {
        if (MqttUplinkOptions.IsPkcs12(config.CertificateFile))
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
