using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.OpcUa.Security;

namespace EdgeTwin.Tests.OpcUa.Channel;

/// <summary>Offers everything, with the certificates of the tests, and trusts who it is told to trust.</summary>
internal sealed class TestServerSecurity : IServerSecurity
{
    public static readonly OwnCertificate Rsa = new(TestKeys.OtherRsa);
    public static readonly OwnCertificate LongRsa = new(TestKeys.LongRsa);
    private static readonly OwnCertificate P256 = new(TestKeys.For(SecurityPolicy.EccNistP256));
    private static readonly OwnCertificate P384 = new(TestKeys.For(SecurityPolicy.EccNistP384));

    public OwnCertificate OfRsa { get; init; } = Rsa;

    public Func<PeerCertificate, StatusCode> Validate { get; set; } = static _ => StatusCodes.Good;

    public bool Offers(SecurityPolicy policy, MessageSecurityMode mode) => true;

    public OwnCertificate CertificateFor(SecurityPolicy policy) => policy.Family switch
    {
        KeyFamily.NistP256 => P256,
        KeyFamily.NistP384 => P384,
        _ => OfRsa,
    };

    public StatusCode ValidateClient(PeerCertificate certificate, SecurityPolicy policy) => Validate(certificate);
}
