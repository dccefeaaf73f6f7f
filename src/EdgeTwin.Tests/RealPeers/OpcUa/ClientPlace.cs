using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Certificates;
using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>Certificate and trust of a client under test.</summary>
internal sealed class ClientPlace : IDisposable
{
    public const string ApplicationUri = "urn:edgetwin:test:client";

    private readonly string folder = Directory.CreateTempSubdirectory("edgetwin-client-").FullName;
    private readonly X509Certificate2 certificate = MakeCertificate("client");
    private readonly OwnCertificate own;
    private readonly CertificateStore store;
    private readonly CertificateValidator validator;

    private ClientPlace()
    {
        own = new OwnCertificate(certificate);
        store = new CertificateStore(Path.Combine(folder, "pki"), TimeProvider.System, NullLogger.Instance);
        validator = new CertificateValidator(
            store, new CertificateValidatorOptions(), TimeProvider.System, NullLogger.Instance);
        CertificateFile = Path.Combine(folder, "client.der");
        File.WriteAllBytes(CertificateFile, own.Leaf);
    }

    public static ClientPlace Make() => new();

    /// <summary>DER of the client's certificate, for the server to trust.</summary>
    public string CertificateFile { get; }

    /// <summary>A certificate of a user.</summary>
    public X509Certificate2 User { get; } = MakeCertificate("user");

    public void Trust(string pemFile)
    {
        using var trusted = X509CertificateLoader.LoadCertificateFromFile(pemFile);
        store.Trust(trusted.RawData);
    }

    public OpcUaClientOptions Options(Uri url, SecurityPolicy? policy = null,
        MessageSecurityMode mode = MessageSecurityMode.None, ClientUser? user = null) => new()
        {
            EndpointUrl = url,
            ApplicationUri = ApplicationUri,
            SecurityMode = mode,
            SecurityPolicy = policy,
            Certificate = own,
            Validator = new ServerCertificateValidator(validator),
            User = user ?? ClientUser.Anonymous,
            KeepAliveInterval = TimeSpan.FromSeconds(1),
            KeepAliveTimeout = TimeSpan.FromSeconds(2),
        };

    public void Dispose()
    {
        own.Dispose();
        certificate.Dispose();
        User.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static X509Certificate2 MakeCertificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(ApplicationUri));
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation | X509KeyUsageFlags.KeyEncipherment
                | X509KeyUsageFlags.DataEncipherment | X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid("1.3.6.1.5.5.7.3.2"), new Oid("1.3.6.1.5.5.7.3.1")], false));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }
}
