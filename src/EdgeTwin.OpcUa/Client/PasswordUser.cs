namespace EdgeTwin.OpcUa.Client;

/// <summary>A user with a password. The password travels encrypted for the server's certificate; a server that would
/// take it in the clear is refused.</summary>
/// <param name="Name">Name of the user.</param>
/// <param name="Password">Password; never logged.</param>
public sealed record PasswordUser(string Name, string Password) : ClientUser
{
    /// <summary>The name, never the password.</summary>
    public override string ToString() => $"user '{Name}'";
}
