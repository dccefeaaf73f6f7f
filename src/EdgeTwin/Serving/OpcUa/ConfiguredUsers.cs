using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>The users of the configuration. A password is read when somebody logs on, so that a rotated one needs no
/// restart. Users with a certificate are those whom the server found in its folder; who is not named looks.</summary>
internal sealed partial class ConfiguredUsers(OpcUaServerConfig first, string baseFolder, ILogger logger)
    : IUserValidator
{
    private volatile OpcUaServerConfig config = first;

    /// <summary>From now on those of another configuration; who is logged on stays so.</summary>
    public void Use(OpcUaServerConfig newConfig) => config = newConfig;

    /// <inheritdoc/>
    public bool Offers(UserKind kind) => kind switch
    {
        UserKind.Anonymous => config.Anonymous,
        UserKind.UserName => config.Users.Values.Any(user => user.Password is not null),
        _ => true,
    };

    /// <inheritdoc/>
    public UserIdentity? LogOnAnonymous() => config.Anonymous
        ? new UserIdentity(UserKind.Anonymous, "", Roles.Anonymous | Roles.Observer)
        : null;

    /// <inheritdoc/>
    public UserIdentity? LogOn(string name, ReadOnlySpan<byte> password)
    {
        var user = config.Users.GetValueOrDefault(name);
        var expected = user is null ? null : PasswordOf(name, user);
        // Hashes have one length, and an unknown user costs the same comparison.
        var isRight = CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(password), SHA256.HashData(Encoding.UTF8.GetBytes(expected ?? "")));
        return user is not null && expected is { Length: > 0 } && isRight
            ? new UserIdentity(UserKind.UserName, name, Roles.Anonymous | Roles.AuthenticatedUser | RolesOf(user.Role))
            : null;
    }

    /// <inheritdoc/>
    public UserIdentity? LogOn(X509Certificate2 certificate)
    {
        var (name, user) = config.Users.FirstOrDefault(
            user => user.Value.Certificate is { } named && UserCertificate.Is(certificate, named));
        return new UserIdentity(
            UserKind.Certificate, name ?? certificate.Subject,
            Roles.Anonymous | Roles.AuthenticatedUser | RolesOf(user?.Role ?? OpcUaRole.Observer));
    }

    private static Roles RolesOf(OpcUaRole role) => role switch
    {
        OpcUaRole.Operator => Roles.Observer | Roles.Operator,
        OpcUaRole.Engineer => Roles.Observer | Roles.Operator | Roles.Engineer,
        OpcUaRole.Supervisor => Roles.Observer | Roles.Operator | Roles.Supervisor,
        OpcUaRole.Admin => Roles.Observer | Roles.ConfigureAdmin | Roles.SecurityAdmin,
        _ => Roles.Observer,
    };

    private string? PasswordOf(string name, OpcUaUserConfig user)
    {
        try
        {
            return user.Password is { } password ? SecretReader.Read(password, baseFolder) : null;
        }
        catch (IOException missing)
        {
            LogNoPassword(name, missing.Message);
            return null;
        }
    }

    [LoggerMessage(2210, LogLevel.Error, "OPC UA: user '{User}' cannot log on: {Reason}")]
    private partial void LogNoPassword(string user, string reason);
}
