namespace EdgeTwin.OpcUa.Server.Users;

/// <summary>How a user proved who it is.</summary>
public enum UserKind
{
    /// <summary>Not at all.</summary>
    Anonymous,

    /// <summary>User name and password.</summary>
    UserName,

    /// <summary>A certificate and a signature.</summary>
    Certificate,
}
