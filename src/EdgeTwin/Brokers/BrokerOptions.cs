using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Tags;

namespace EdgeTwin.Brokers;

/// <summary>From what the user wrote to what the client needs; secrets and certificates are read here, at each
/// connection.</summary>
internal static class BrokerOptions
{
    private const int PlainPort = 1883;
    private const int TlsPort = 8883;
    private const int WebPort = 80;
    private const int SecureWebPort = 443;

    /// <param name="config">As the user wrote it.</param>
    /// <param name="endpoint">Its endpoint or one of its alternatives.</param>
    /// <param name="clientId">Where the configuration names none.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    /// <exception cref="IOException">A secret or certificate is not there.</exception>
    public static MqttClientOptions From(IBrokerConfig config, Uri endpoint, string clientId, string baseFolder)
    {
        var (usualPort, secure, web) = endpoint.Scheme switch
        {
            "mqtts" => (TlsPort, true, false),
            "ws" => (WebPort, false, true),
            "wss" => (SecureWebPort, true, true),
            _ => (PlainPort, false, false),
        };
        return new MqttClientOptions
        {
            Host = endpoint.IdnHost,
            Port = endpoint.Port > 0 ? endpoint.Port : usualPort,
            Version = config.Protocol == "5" ? MqttProtocolVersion.V5 : MqttProtocolVersion.V311,
            Tls = secure ? Tls(config, baseFolder) : null,
            WebSocket = web ? new MqttWebSocketOptions { Path = endpoint.AbsolutePath } : null,
            ClientId = config.ClientId ?? clientId,
            User = config.User,
            Password = Secret(config.Password, baseFolder) is { } password
                ? (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(password)
                : null,
            KeepAlive = config.KeepAlive,
        };
    }

    /// <summary>Whether a certificate's file is PKCS#12, by its name.</summary>
    public static bool IsPkcs12(string? file) =>
        Path.GetExtension(file) is { } extension
        && (extension.Equals(".p12", StringComparison.OrdinalIgnoreCase)
            || extension.Equals(".pfx", StringComparison.OrdinalIgnoreCase));

    private static string? Secret(SecretReference? reference, string baseFolder) =>
        reference is null ? null : SecretReader.Read(reference, baseFolder);

    private static MqttTlsOptions Tls(IBrokerConfig config, string baseFolder)
    {
        try
        {
            return new MqttTlsOptions
            {
                ServerName = config.ServerName,
                TrustedAuthorities = config.CaFile is { } file ? Authorities(Path.Combine(baseFolder, file)) : null,
                ClientCertificate = config.CertificateFile is { } certificate
                    ? Certificate(config, Path.Combine(baseFolder, certificate), baseFolder)
                    : null,
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new IOException($"a certificate file cannot be read: {error.Message}", error);
        }
    }

    private static X509Certificate2 Certificate(IBrokerConfig config, string file, string baseFolder)
    {
        var password = Secret(config.CertificatePassword, baseFolder);
        if (IsPkcs12(file)) return X509CertificateLoader.LoadPkcs12FromFile(file, password);
        var key = Path.Combine(baseFolder, config.KeyFile!);
        return password is null
            ? X509Certificate2.CreateFromPemFile(file, key)
            : X509Certificate2.CreateFromEncryptedPemFile(file, password, key);
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new IOException($"'{file}' contains no certificate");
    }
}
