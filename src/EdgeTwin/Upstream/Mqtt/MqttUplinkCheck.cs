namespace EdgeTwin.Upstream.Mqtt;

/// <summary>Finds what is wrong with the configuration of an MQTT uplink.</summary>
internal static class MqttUplinkCheck
{
    public static IEnumerable<(string Key, string Message)> Check(UplinkConfig config)
    {
        var mqtt = (MqttUplinkConfig)config;
        if (!mqtt.Endpoint.IsAbsoluteUri || mqtt.Endpoint.Scheme is not ("mqtt" or "mqtts" or "ws" or "wss")
            || mqtt.Endpoint.Host.Length == 0)
            yield return ("endpoint",
                $"'{mqtt.Endpoint}' is not a broker; write mqtt://host:1883, or mqtts://host:8883 for TLS, "
                + "or wss://host/path through a WebSocket");
        else if (mqtt.Endpoint.UserInfo.Length > 0)
            yield return ("endpoint",
                "user and password do not belong into the address; use 'user' and 'password: env:NAME'");
        else if (mqtt.Endpoint.Scheme is "mqtt" or "ws"
            && (mqtt.CaFile ?? mqtt.ServerName ?? mqtt.CertificateFile) is not null)
            yield return ("endpoint",
                $"'{mqtt.Endpoint}' is without TLS, yet certificates are given; write {mqtt.Endpoint.Scheme}s://");
        if (mqtt.Protocol is not ("3.1.1" or "5"))
            yield return ("protocol", $"'{mqtt.Protocol}' is no version of MQTT that is spoken here; write 3.1.1 or 5");
        if (TopicTemplate.Problem(mqtt.Topic) is { } bad) yield return ("topic", bad);
        if (mqtt.Password is not null && mqtt.User is null) yield return ("password", "a password needs a 'user'");
        foreach (var problem in CheckCertificate(mqtt)) yield return problem;
        if (mqtt.KeepAlive < TimeSpan.Zero || mqtt.KeepAlive > TimeSpan.FromSeconds(65_535))
            yield return ("keepAlive", $"{mqtt.KeepAlive} is outside 0 s to 65535 s");
        if (mqtt.ClientId is { Length: 0 }) yield return ("clientId",
            "the client id is empty; leave the key out for the gateway's id");
    }

    private static IEnumerable<(string Key, string Message)> CheckCertificate(MqttUplinkConfig mqtt)
    {
        if (MqttUplinkOptions.IsPkcs12(mqtt.CertificateFile))
        {
            if (mqtt.KeyFile is not null)
                yield return ("keyFile", $"'{mqtt.CertificateFile}' has the key in it; leave 'keyFile' out");
        }
        else if (mqtt.CertificateFile is null != mqtt.KeyFile is null)
            yield return ("certificateFile", "'certificateFile' and 'keyFile' come together, unless it is a .p12 file");
        if (mqtt.CertificatePassword is not null && mqtt.CertificateFile is null)
            yield return ("certificatePassword", "a password of a certificate needs a 'certificateFile'");
    }
}
