namespace EdgeTwin.OpcUa.Channel;

/// <summary>The fourth byte of a frame (OPC 10000-6 §6.7.2.2).</summary>
internal enum ChunkKind : byte
{
    /// <summary>'F': the last or only piece of a message.</summary>
    Final = (byte)'F',

    /// <summary>'C': another piece follows.</summary>
    Intermediate = (byte)'C',

    /// <summary>'A': the sender gives this message up; the body is an error like that of ERR.</summary>
    Abort = (byte)'A',
}
