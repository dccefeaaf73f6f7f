namespace EdgeTwin.OpcUa.Channel;

/// <summary>The three letters a frame begins with, as the low 24 bits of a little-endian number
/// (OPC 10000-6 §6.7.2.2 and §7.1.2.2).</summary>
internal enum MessageType : uint
{
    /// <summary>HEL: the client's first frame.</summary>
    Hello = 0x4C4548,

    /// <summary>ACK: the server's answer to HEL.</summary>
    Acknowledge = 0x4B4341,

    /// <summary>ERR: why the connection is about to be closed.</summary>
    Error = 0x525245,

    /// <summary>RHE: a server that dialled names itself.</summary>
    ReverseHello = 0x454852,

    /// <summary>OPN: opens a channel or renews its token.</summary>
    Open = 0x4E504F,

    /// <summary>MSG: a piece of a service message.</summary>
    Message = 0x47534D,

    /// <summary>CLO: the client closes the channel.</summary>
    Close = 0x4F4C43,
}
