using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Client.Sessions;

/// <summary>Reads the certificate that a server sent.</summary>
internal static class ServerCertificate
{
    /// <exception cref="OpcUaException">BadCertificateInvalid: these bytes are none.</exception>
    public static X509Certificate2 Load(ReadOnlySpan<byte> chain)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(CertificateBytes.Leaf(chain));
        }
        catch (CryptographicException e)
        {
            throw new OpcUaException(StatusCodes.BadCertificateInvalid,
                "the server's certificate cannot be read", e);
        }
    }
}
