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

    /// <summary>Places in the client's window beside the pump's, for the status message.</summary>
    private const int Spare = 2;

    /// <exception cref="UplinkException">A secret or certificate is not there.</exception>
    public static MqttClientOptions From(MqttUplinkConfig config, UplinkContext context, MqttWill? will)
    {
        var secure = config.Endpoint.Scheme == "mqtts";
        return new MqttClientOptions
        {
            Host = config.Endpoint.IdnHost,
            Port = config.Endpoint.Port > 0 ? config.Endpoint.Port : secure ? TlsPort : PlainPort,
            Tls = secure ? Tls(config, context.BaseFolder) : null,
            ClientId = config.ClientId ?? context.GatewayId,
            User = config.User,
            Password = Secret(config.Password, context.BaseFolder),
            Will = will,
            CleanSession = true, // the journal is the session: what is not proven delivered is read from it again
            KeepAlive = config.KeepAlive,
            Window = Math.Min(ushort.MaxValue, config.Window + Spare),
        };
    }

    private static ReadOnlyMemory<byte>? Secret(Tags.SecretReference? reference, string baseFolder)
    {
        if (reference is null) return null;
        try
        {
            return Encoding.UTF8.GetBytes(Tags.SecretReader.Read(reference, baseFolder));
        }
        catch (IOException missing)
        {
            throw new UplinkException(missing.Message, missing);
        }
    }

    private static MqttTlsOptions Tls(MqttUplinkConfig config, string baseFolder)
    {
        try
        {
            return new MqttTlsOptions
            {
                ServerName = config.ServerName,
                TrustedAuthorities = config.CaFile is { } file ? Authorities(Path.Combine(baseFolder, file)) : null,
                ClientCertificate = config.CertificateFile is { } certificate && config.KeyFile is { } key
                    ? X509Certificate2.CreateFromPemFile(Path.Combine(baseFolder, certificate),
                        Path.Combine(baseFolder, key))
                    : null,
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UplinkException($"a certificate file cannot be read: {error.Message}", error);
        }
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new UplinkException($"'{file}' contains no certificate");
    }
}
