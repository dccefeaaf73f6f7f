using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeTwin.Tests.OpcUa.Certificates;

/// <summary>A certificate made for a test, with its key, that can issue others.</summary>
internal sealed class TestAuthority
{
    private static readonly Lazy<RSA>[] Keys =
        [.. Enumerable.Range(0, 5).Select(static _ => new Lazy<RSA>(static () => RSA.Create(2048)))];

    private readonly X509SignatureGenerator generator;
    private int serial = 100;

    private TestAuthority(X509Certificate2 certificate, RSA key)
    {
        (Certificate, Key) = (certificate, key);
        generator = X509SignatureGenerator.CreateForRSA(key, RSASignaturePadding.Pkcs1);
    }

    public static DateTimeOffset Start { get; } = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset End { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public X509Certificate2 Certificate { get; }

    public RSA Key { get; }

    public byte[] Der => Certificate.RawData;

    /// <summary>One of a few keys that all tests share, because making them takes long.</summary>
    public static RSA SharedKey(int index) => Keys[index].Value;

    public static TestAuthority Root(string name = "Root", int key = 0, Action<TestCertificate>? change = null)
    {
        var wanted = Authority(name, SharedKey(key), change);
        var signer = X509SignatureGenerator.CreateForRSA(wanted.Key, RSASignaturePadding.Pkcs1);
        return new TestAuthority(wanted.Issue(new X500DistinguishedName($"CN={name}"), signer, [1]), wanted.Key);
    }

    public TestAuthority Below(string name, int key, Action<TestCertificate>? change = null)
    {
        var wanted = Authority(name, SharedKey(key), change);
        return new TestAuthority(wanted.Issue(Certificate.SubjectName, generator, [2, (byte)++serial]), wanted.Key);
    }

    /// <summary>Issues an application certificate; key 4 unless changed.</summary>
    public X509Certificate2 Leaf(Action<TestCertificate>? change = null)
    {
        var wanted = new TestCertificate("Client", SharedKey(4));
        change?.Invoke(wanted);
        return wanted.Issue(Certificate.SubjectName, generator, [3, (byte)++serial]);
    }

    /// <summary>A self-signed application certificate.</summary>
    public static X509Certificate2 SelfSigned(Action<TestCertificate>? change = null)
    {
        var wanted = new TestCertificate("Client", SharedKey(4));
        change?.Invoke(wanted);
        var signer = X509SignatureGenerator.CreateForRSA(wanted.Key, RSASignaturePadding.Pkcs1);
        return wanted.Issue(new X500DistinguishedName($"CN={wanted.Name}"), signer, [7]);
    }

    /// <summary>A revocation list of this authority.</summary>
    public byte[] Revoke(DateTimeOffset now, DateTimeOffset next, params X509Certificate2[] revoked)
    {
        var builder = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked) builder.AddEntry(certificate, now);
        return builder.Build(
            Certificate.SubjectName, generator, new BigInteger(now.Ticks), next, HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false), now);
    }

    private static TestCertificate Authority(string name, RSA key, Action<TestCertificate>? change)
    {
        var wanted = new TestCertificate(name, key)
        {
            IsAuthority = true,
            Usage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
            ExtendedUsage = [],
            Uri = null,
        };
        change?.Invoke(wanted);
        return wanted;
    }
}
