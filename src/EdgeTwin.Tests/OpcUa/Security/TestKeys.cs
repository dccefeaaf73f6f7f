using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Security;

/// <summary>Two own certificates per family, made once: long keys take their time.</summary>
internal static class TestKeys
{
    private static readonly Lazy<X509Certificate2>[] Certificates =
    [
        new(static () => Make(RSA.Create(2048))),
        new(static () => Make(RSA.Create(2048))),
        new(static () => Make(RSA.Create(3072))),
        new(static () => Make(ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256)),
        new(static () => Make(ECDsa.Create(ECCurve.NamedCurves.nistP384), HashAlgorithmName.SHA384)),
    ];

    public static X509Certificate2 Rsa => Certificates[0].Value;

    public static X509Certificate2 OtherRsa => Certificates[1].Value;

    public static X509Certificate2 LongRsa => Certificates[2].Value;

    public static X509Certificate2 For(SecurityPolicy policy) => policy.Family switch
    {
        KeyFamily.NistP256 => Certificates[3].Value,
        KeyFamily.NistP384 => Certificates[4].Value,
        _ => Rsa,
    };

    private static X509Certificate2 Make(RSA key) =>
        Make(new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private static X509Certificate2 Make(ECDsa key, HashAlgorithmName hash) =>
        Make(new CertificateRequest("CN=test", key, hash));

    private static X509Certificate2 Make(CertificateRequest request) => request.CreateSelfSigned(
        new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
}
