using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client;

/// <summary>Decides whether a server may be spoken to. Called at every connect; must be quick and safe for several
/// threads.</summary>
public interface IServerCertificateValidator
{
    /// <summary>Holds a certificate against trust, time, use, host and application.</summary>
    /// <param name="certificate">DER of the server's certificate, perhaps followed by its chain.</param>
    /// <param name="applicationUri">The application that the server says to be; null when it does not say.</param>
    /// <param name="host">The host that the client connects to.</param>
    /// <returns>Good, or the code of OPC 10000-4 §6.1.3 with one sentence that tells what to do.</returns>
    (StatusCode Status, string? Explanation) Validate(
        ReadOnlyMemory<byte> certificate, string? applicationUri, string host);
}
