using System.Globalization;
using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Server.Users;

/// <summary>A salted hash of a password: PBKDF2 with HMAC-SHA256 (RFC 8018 §5.2). As text
/// <c>pbkdf2-sha256$iterations$salt$hash</c>, salt and hash in base64.</summary>
public sealed class PasswordHash
{
    /// <summary>Rounds for new hashes: about 10 ms of one core, so that a stolen file is hard to search and a logon
    /// stays quick.</summary>
    public const int DefaultIterations = 60_000;

    private const string Scheme = "pbkdf2-sha256";
    private const int SaltLength = 16;
    private const int HashLength = 32;
    private const int MostIterations = 10_000_000;

    private readonly int iterations;
    private readonly byte[] salt;
    private readonly byte[] hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash)
    {
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /// <summary>Hashes a password, in UTF-8, under a new salt.</summary>
    public static PasswordHash Of(ReadOnlySpan<byte> password)
    {
        var fresh = RandomNumberGenerator.GetBytes(SaltLength);
        return new PasswordHash(DefaultIterations, fresh, Derive(password, fresh, DefaultIterations));
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static PasswordHash Parse(string text)
    {
        var parts = text.Split('$');
        if (parts is not [Scheme, var rounds, _, _]
            || !int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < 1 or > MostIterations)
        {
            throw new FormatException($"a password hash is '{Scheme}$iterations$salt$hash'");
        }

        var result = new PasswordHash(iterations, Convert.FromBase64String(parts[2]),
            Convert.FromBase64String(parts[3]));
        return result.hash.Length == HashLength
            ? result
            : throw new FormatException($"the hash has {result.hash.Length} bytes; {Scheme} gives {HashLength}");
    }

    /// <summary>Whether it is the password, compared in constant time.</summary>
    public bool Matches(ReadOnlySpan<byte> password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, salt, iterations), hash);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Scheme}${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashLength);
}
