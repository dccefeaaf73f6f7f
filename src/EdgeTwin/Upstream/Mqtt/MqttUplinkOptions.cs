using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeTwin.Mqtt;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>From what the user wrote to what the client needs; secrets and certificates are read here, at each
/// connection.</summary>
internal static class MqttUplinkOptions
{
    private const int PlainPort = 1883;
    private const int TlsPort = 8883;
    private const int WebPort = 80;
    private const int SecureWebPort = 443;

    /// <summary>Places in the client's window beside the pump's, for the status message.</summary>
    private const int Spare = 2;

    /// <exception cref="UplinkException">A secret or certificate is not there.</exception>
    public static MqttClientOptions From(BrokerUplinkConfig config, UplinkContext context, MqttWill? will)
    {
        var (usualPort, secure, web) = config.Endpoint.Scheme switch
        {
            "mqtts" => (TlsPort, true, false),
            "ws" => (WebPort, false, true),
            "wss" => (SecureWebPort, true, true),
            _ => (PlainPort, false, false),
        };
        return new MqttClientOptions
        {
            Host = config.Endpoint.IdnHost,
            Port = config.Endpoint.Port > 0 ? config.Endpoint.Port : usualPort,
            Version = config.Protocol == "5" ? MqttProtocolVersion.V5 : MqttProtocolVersion.V311,
            Tls = secure ? Tls(config, context.BaseFolder) : null,
            WebSocket = web ? new MqttWebSocketOptions { Path = config.Endpoint.AbsolutePath } : null,
            ClientId = config.ClientId ?? context.GatewayId,
            User = config.User,
            Password = Secret(config.Password, context.BaseFolder) is { } password
                ? (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(password)
                : null,
            Will = will,
            CleanSession = true, // the journal is the session: what is not proven delivered is read from it again
            KeepAlive = config.KeepAlive,
            Window = Math.Min(ushort.MaxValue, config.Window + Spare),
        };
    }

    /// <summary>Whether a certificate's file is PKCS#12, by its name.</summary>
    public static bool IsPkcs12(string? file) =>
        Path.GetExtension(file) is { } extension
        && (extension.Equals(".p12", StringComparison.OrdinalIgnoreCase)
            || extension.Equals(".pfx", StringComparison.OrdinalIgnoreCase));

    private static string? Secret(Tags.SecretReference? reference, string baseFolder)
    {
        if (reference is null) return null;
        try
        {
            return Tags.SecretReader.Read(reference, baseFolder);
        }
        catch (IOException missing)
        {
            throw new UplinkException(missing.Message, missing);
        }
    }

    private static MqttTlsOptions Tls(BrokerUplinkConfig config, string baseFolder)
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
            throw new UplinkException($"a certificate file cannot be read: {error.Message}", error);
        }
    }

    private static X509Certificate2 Certificate(BrokerUplinkConfig config, string file, string baseFolder)
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
        return authorities.Count > 0 ? authorities : throw new UplinkException($"'{file}' contains no certificate");
    }
}
