namespace EdgeTwin.OpcUa.Server.Users;

/// <summary>The well-known roles of a session (OPC 10000-3 §4.9.2), as a set.</summary>
[Flags]
public enum Roles
{
    /// <summary>No role.</summary>
    None = 0,

    /// <summary>Everybody, logged on or not.</summary>
    Anonymous = 1,

    /// <summary>Whoever proved to be somebody.</summary>
    AuthenticatedUser = 2,

    /// <summary>Browses, reads and watches.</summary>
    Observer = 4,

    /// <summary>Operates: writes and calls as well.</summary>
    Operator = 8,

    /// <summary>Operates and configures the machine.</summary>
    Engineer = 16,

    /// <summary>Operates and sees what others did.</summary>
    Supervisor = 32,

    /// <summary>Configures the server.</summary>
    ConfigureAdmin = 64,

    /// <summary>Configures security: sees security diagnostics.</summary>
    SecurityAdmin = 128,
}
