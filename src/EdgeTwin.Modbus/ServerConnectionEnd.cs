namespace EdgeTwin.Modbus;

/// <summary>How a connection of the server ended.</summary>
internal enum ServerConnectionEnd
{
    /// <summary>The client closed it or went away.</summary>
    Closed,

    /// <summary>The client's bytes were not Modbus.</summary>
    Broken,

    /// <summary>No whole request came in time, or answers were not taken.</summary>
    Idle,
}
