using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;

namespace EdgeTwin.OpcUa.Server.Users;

/// <summary>A fixed table of users.</summary>
public sealed class UserTable : IUserValidator
{
    // Verified against when the name is unknown, so that the answer takes as long.
    private static readonly PasswordHash Decoy = PasswordHash.Of("decoy"u8);

    private readonly FrozenDictionary<string, User> users;
    private readonly Roles anonymous;
    private readonly Roles certificates;

    /// <param name="users">Users with a password; names are told apart by case.</param>
    /// <param name="anonymous">Roles of anonymous users; <see cref="Roles.None"/> does not let them in.</param>
    /// <param name="certificates">Roles of users with a certificate that is trusted; <see cref="Roles.None"/> offers no
    /// certificates.</param>
    public UserTable(IEnumerable<User> users, Roles anonymous = Roles.None, Roles certificates = Roles.None)
    {
        this.users = users.ToFrozenDictionary(user => user.Name, StringComparer.Ordinal);
        this.anonymous = anonymous;
        this.certificates = certificates;
    }

    /// <summary>Lets nobody in.</summary>
    public static UserTable Nobody { get; } = new([]);

    /// <inheritdoc/>
    public bool Offers(UserKind kind) => kind switch
    {
        UserKind.Anonymous => anonymous != Roles.None,
        UserKind.UserName => users.Count > 0,
        _ => certificates != Roles.None,
    };

    /// <inheritdoc/>
    public UserIdentity? LogOnAnonymous() => anonymous == Roles.None
        ? null
        : new UserIdentity(UserKind.Anonymous, "", anonymous | Roles.Anonymous);

    /// <inheritdoc/>
    public UserIdentity? LogOn(string name, ReadOnlySpan<byte> password)
    {
        var known = users.TryGetValue(name, out var user);
        var right = (user?.Password ?? Decoy).Matches(password);
        return known && right
            ? new UserIdentity(UserKind.UserName, name, user!.Roles | Roles.Anonymous | Roles.AuthenticatedUser)
            : null;
    }

    /// <inheritdoc/>
    public UserIdentity? LogOn(X509Certificate2 certificate) => certificates == Roles.None
        ? null
        : new UserIdentity(UserKind.Certificate, certificate.Subject,
            certificates | Roles.Anonymous | Roles.AuthenticatedUser);
}
