namespace EdgeTwin.OpcUa.Certificates;

/// <summary>Finds the authorities of a certificate: among those that the peer sent, and those in the folders. Names
/// lead to candidates, a signature decides. Bounded in length and in signatures, whatever the certificates say about
/// each other.</summary>
internal static class ChainBuilder
{
    // Several certificates of one name are normal after an authority was renewed; many are an attack.
    private const int MostCandidates = 8;

    /// <summary>Builds the chain, leaf first.</summary>
    public static CertificateChain Build(
        ParsedCertificate leaf, IReadOnlyList<ParsedCertificate> sent, TrustSnapshot store, int longest)
    {
        var chain = new List<ParsedCertificate> { leaf };
        while (true)
        {
            var last = chain[^1];
            if (last.IsSelfSigned) return new CertificateChain(chain, ChainEnd.Complete);
            // A certificate that names itself as issuer but is not: nobody else can have signed it either.
            if (last.Subject == last.Issuer && last.MayBeIssuedBy(last))
                return new CertificateChain(chain, ChainEnd.BadSignature);
            if (chain.Count == longest) return new CertificateChain(chain, ChainEnd.TooLong);

            var issuer = Issuer(last, sent, store, chain, out var end);
            if (issuer is null) return new CertificateChain(chain, end);
            chain.Add(issuer);
        }
    }

    private static ParsedCertificate? Issuer(
        ParsedCertificate certificate, IReadOnlyList<ParsedCertificate> sent, TrustSnapshot store,
        List<ParsedCertificate> chain, out ChainEnd end)
    {
        end = ChainEnd.IssuerMissing;
        var tried = 0;
        // Those in the folders first: a peer must not choose between authorities that we know.
        foreach (var candidate in store.WithSubject(certificate.Issuer).Concat(sent))
        {
            if (!certificate.MayBeIssuedBy(candidate) || candidate.Id == certificate.Id) continue;
            if (chain.Exists(c => c.Id == candidate.Id))
            {
                end = ChainEnd.Loop;
                continue;
            }

            if (++tried > MostCandidates) return null;
            if (certificate.IsSignedBy(candidate)) return candidate;
            end = ChainEnd.BadSignature;
        }

        return null;
    }
}
