using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace EdgeTwin.Mqtt;

/// <summary>Opens the byte stream to the broker: TCP without Nagle's delay, then TLS and a WebSocket where
/// wanted.</summary>
internal static class MqttTransport
{
    /// <exception cref="MqttException">Unreachable or TlsFailed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or out of time.</exception>
    public static async Task<Stream> OpenAsync(MqttClientOptions options, CancellationToken cancellation)
    {
        var stream = await ConnectAsync(options, cancellation);
        return options.WebSocket is { } webSocket
            ? await WebSocketStream.OpenAsync(stream, options.Host, options.Port, webSocket, cancellation)
            : stream;
    }

    private static async Task<Stream> ConnectAsync(MqttClientOptions options, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, cancellation);
            var plain = new NetworkStream(socket, ownsSocket: true);
            return options.Tls is null ? plain : await SecureAsync(plain, options.Tls, options.Host, cancellation);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new MqttException(MqttError.Unreachable,
                $"no connection to {options.Host}:{options.Port}: {error.Message}", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(
        Stream plain, MqttTlsOptions options, string host, CancellationToken cancellation)
    {
        var tls = new SslStream(plain);
        try
        {
            await tls.AuthenticateAsClientAsync(Settings(options, host), cancellation);
            return tls;
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            await tls.DisposeAsync();
            throw new MqttException(MqttError.TlsFailed, $"TLS with {host} failed: {error.Message}", error);
        }
    }

    private static SslClientAuthenticationOptions Settings(MqttTlsOptions options, string host)
    {
        var settings = new SslClientAuthenticationOptions { TargetHost = options.ServerName ?? host };
        if (options.ClientCertificate is { } certificate)
            settings.ClientCertificateContext =
                SslStreamCertificateContext.Create(certificate, options.ClientChain, offline: true);
        if (options.TrustedAuthorities is not { } authorities) return settings;
        settings.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // a plant's own authority seldom has a revocation service
        };
        settings.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        return settings;
    }
}
