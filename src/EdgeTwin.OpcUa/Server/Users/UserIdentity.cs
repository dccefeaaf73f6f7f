namespace EdgeTwin.OpcUa.Server.Users;

/// <summary>Who a session acts for.</summary>
/// <param name="Kind">How it was proved.</param>
/// <param name="Name">User name, or the subject of the certificate; empty when anonymous.</param>
/// <param name="Roles">What it may do.</param>
public sealed record UserIdentity(UserKind Kind, string Name, Roles Roles)
{
    /// <summary>Nobody in particular, with no more than the role Anonymous.</summary>
    public static UserIdentity Anonymous { get; } = new(UserKind.Anonymous, "", Roles.Anonymous);

    /// <summary>True when the user has at least one of the roles.</summary>
    public bool HasAny(Roles roles) => (Roles & roles) != Roles.None;
}
