namespace EdgeTwin.OpcUa.Security;

/// <summary>The symmetric ciphers of one token: one per direction.</summary>
public sealed class ChannelKeys : IDisposable
{
    internal ChannelKeys(SymmetricCipher client, SymmetricCipher server) => (Client, Server) = (client, server);

    /// <summary>What the client signs and encrypts with, and the server verifies and decrypts with.</summary>
    public SymmetricCipher Client { get; }

    /// <summary>What the server signs and encrypts with, and the client verifies and decrypts with.</summary>
    public SymmetricCipher Server { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
