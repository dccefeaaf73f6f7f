using EdgeTwin.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Tests.RealPeers;
using EdgeTwin.Upstream;
using EdgeTwin.Upstream.Mqtt;

namespace EdgeTwin.Tests.Upstream;

/// <summary>From the configuration to the client.</summary>
public sealed class MqttUplinkOptionsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("edgetwin-mqtt-options-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("mqtt://broker", 1883, false, null)]
    [InlineData("mqtts://broker", 8883, true, null)]
    [InlineData("mqtts://broker:1", 1, true, null)]
    [InlineData("ws://broker/mqtt", 80, false, "/mqtt")]
    [InlineData("wss://broker/a/b", 443, true, "/a/b")]
    public void The_endpoint_says_port_TLS_and_WebSocket(string endpoint, int port, bool tls, string? path)
    {
        var options = From(Config(endpoint));
        Assert.Equal((port, tls, path), (options.Port, options.Tls is not null, options.WebSocket?.Path));
    }

    [Theory]
    [InlineData("3.1.1", MqttProtocolVersion.V311)]
    [InlineData("5", MqttProtocolVersion.V5)]
    public void The_protocol_is_the_one_that_was_written(string protocol, MqttProtocolVersion version)
    {
        Assert.Empty(MqttUplinkCheck.Check(Config() with { Protocol = protocol }));
        Assert.Equal(version, From(Config() with { Protocol = protocol }).Version);
    }

    [Theory]
    [InlineData("client.pem", "client.key", null)]
    [InlineData("client.pem", "client-locked.key", TestAuthority.Password)]
    [InlineData("client.p12", null, TestAuthority.Password)]
    public void A_client_certificate_comes_as_PEM_or_PKCS12(string file, string? key, string? password)
    {
        var config = Certificate(file, key, password);
        Assert.Empty(MqttUplinkCheck.Check(config));
        using var certificate = From(config).Tls!.ClientCertificate!;
        Assert.Equal("CN=pump", certificate.Subject);
        Assert.True(certificate.HasPrivateKey);
    }

    [Fact]
    public void A_wrong_password_of_a_certificate_says_so()
    {
        var error = Assert.Throws<UplinkException>(() => From(Certificate("client.p12", null, "wrong")));
        Assert.Contains("password", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void What_is_wrong_is_found_in_the_configuration()
    {
        AssertProblem("endpoint", "wss://", Config("http://broker"));
        AssertProblem("endpoint", "wss://", Config("ws://broker") with { CaFile = "ca.pem" });
        AssertProblem("protocol", "write 3.1.1 or 5", Config() with { Protocol = "4" });
        AssertProblem("certificateFile", "come together", Config() with { CertificateFile = "client.pem" });
        AssertProblem("keyFile", "leave 'keyFile' out",
            Config() with { CertificateFile = "client.P12", KeyFile = "client.key" });
        AssertProblem("certificatePassword", "needs a 'certificateFile'",
            Config() with { CertificatePassword = new SecretReference(SecretKind.Environment, "X") });
    }

    private static void AssertProblem(string key, string part, MqttUplinkConfig config)
    {
        var problem = Assert.Single(MqttUplinkCheck.Check(config));
        Assert.Equal(key, problem.Key);
        Assert.Contains(part, problem.Message, StringComparison.Ordinal);
    }

    private static MqttUplinkConfig Config(string endpoint = "mqtts://broker") =>
        new() { Driver = "mqtt", Endpoint = new Uri(endpoint) };

    private MqttUplinkConfig Certificate(string file, string? key, string? password)
    {
        TestAuthority.WriteTo(folder.FullName);
        File.WriteAllText(Path.Combine(folder.FullName, "password"), password ?? "");
        return Config() with
        {
            CertificateFile = file,
            KeyFile = key,
            CertificatePassword = password is null ? null : new SecretReference(SecretKind.File, "password"),
        };
    }

    private MqttClientOptions From(MqttUplinkConfig config) => MqttUplinkOptions.From(config, config.Endpoint,
        new UplinkContext("acme/pump-7", "gw", new TagTable(), TimeProvider.System, folder.FullName), null);
}
