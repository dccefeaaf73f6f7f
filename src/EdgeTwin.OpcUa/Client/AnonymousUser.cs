namespace EdgeTwin.OpcUa.Client;

/// <summary>Nobody in particular; only where the server offers it.</summary>
public sealed record AnonymousUser : ClientUser;
