namespace EdgeTwin.Upstream.Mqtt;

/// <summary>Finds what is wrong with the configuration of an MQTT uplink.</summary>
internal static class MqttUplinkCheck
{
    public static IEnumerable<(string Key, string Message)> Check(UplinkConfig config)
    {
        var mqtt = (MqttUplinkConfig)config;
        if (!mqtt.Endpoint.IsAbsoluteUri || mqtt.Endpoint.Scheme is not ("mqtt" or "mqtts")
            || mqtt.Endpoint.Host.Length == 0)
            yield return ("endpoint",
                $"'{mqtt.Endpoint}' is not a broker; write mqtt://host:1883, or mqtts://host:8883 for TLS");
        else if (mqtt.Endpoint.UserInfo.Length > 0)
            yield return ("endpoint",
                "user and password do not belong into the address; use 'user' and 'password: env:NAME'");
        else if (mqtt.Endpoint.Scheme == "mqtt" && (mqtt.CaFile ?? mqtt.ServerName ?? mqtt.CertificateFile) is not null)
            yield return ("endpoint", $"'{mqtt.Endpoint}' is without TLS, yet certificates are given; write mqtts://");
        if (TopicTemplate.Problem(mqtt.Topic) is { } problem) yield return ("topic", problem);
        if (mqtt.Password is not null && mqtt.User is null) yield return ("password", "a password needs a 'user'");
        if (mqtt.CertificateFile is null != mqtt.KeyFile is null)
            yield return ("certificateFile", "'certificateFile' and 'keyFile' come together");
        if (mqtt.KeepAlive < TimeSpan.Zero || mqtt.KeepAlive > TimeSpan.FromSeconds(65_535))
            yield return ("keepAlive", $"{mqtt.KeepAlive} is outside 0 s to 65535 s");
        if (mqtt.ClientId is { Length: 0 }) yield return ("clientId",
            "the client id is empty; leave the key out for the gateway's id");
    }
}
