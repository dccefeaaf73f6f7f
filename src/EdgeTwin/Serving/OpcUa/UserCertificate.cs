using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>How the configuration names a user's certificate: by thumbprint or by subject.</summary>
internal static class UserCertificate
{
    private const int Sha1Digits = 40;
    private const int Sha256Digits = 64;

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    public static string? ProblemWith(string text)
    {
        if (IsThumbprint(text)) return null;
        try
        {
            if (text.Contains('=') && new X500DistinguishedName(text).Name.Length > 0) return null;
        }
        catch (CryptographicException)
        {
            // No subject either.
        }

        return $"'{text}' is no certificate; write its thumbprint (40 or 64 hexadecimal digits) or its subject, such "
            + "as 'CN=jane, O=Acme'";
    }

    /// <summary>Whether a certificate is the one that is named.</summary>
    public static bool Is(X509Certificate2 certificate, string text)
    {
        if (!IsThumbprint(text)) return Canonical(text) == certificate.SubjectName.Name;
        var digits = Digits(text);
        var algorithm = digits.Length == Sha1Digits ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        return certificate.GetCertHashString(algorithm).Equals(digits, StringComparison.OrdinalIgnoreCase);
    }

    // Encoded and read back, so that spaces and quotes are as they are in the subject of a certificate.
    private static string Canonical(string subject) =>
        new X500DistinguishedName(new X500DistinguishedName(subject).RawData).Name;

    private static bool IsThumbprint(string text) =>
        Digits(text) is { Length: Sha1Digits or Sha256Digits } digits && digits.All(char.IsAsciiHexDigit);

    // As certificate viewers show it: in pairs, with colons or spaces between.
    private static string Digits(string text) =>
        text.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
