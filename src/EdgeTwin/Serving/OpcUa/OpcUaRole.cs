namespace EdgeTwin.Serving.OpcUa;

/// <summary>The well-known roles of OPC 10000-18 §4.3 that a user can have.</summary>
internal enum OpcUaRole
{
    /// <summary>Looks.</summary>
    Observer,

    /// <summary>Looks, and writes what is writable.</summary>
    Operator,

    /// <summary>As an operator, and changes parameters.</summary>
    Engineer,

    /// <summary>As an operator, and sees to the others.</summary>
    Supervisor,

    /// <summary>Sees to the server itself: sessions, diagnostics, security.</summary>
    Admin,
}
