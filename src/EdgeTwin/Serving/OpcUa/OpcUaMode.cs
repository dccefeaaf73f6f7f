namespace EdgeTwin.Serving.OpcUa;

/// <summary>How messages are protected under every policy but <c>None</c>.</summary>
internal enum OpcUaMode
{
    /// <summary>Nobody can change them; anybody can read along.</summary>
    Sign,

    /// <summary>Nobody can change or read them.</summary>
    SignAndEncrypt,
}
