namespace EdgeTwin.OpcUa.Server.Users;

/// <summary>A user who logs on by name and password.</summary>
/// <param name="Name">As the client sends it.</param>
/// <param name="Password">Its hash.</param>
/// <param name="Roles">What the user may do beyond what every authenticated user may.</param>
public sealed record User(string Name, PasswordHash Password, Roles Roles);
