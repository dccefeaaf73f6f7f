namespace EdgeTwin.Modbus;

/// <summary>What kind of error a <see cref="ModbusException"/> reports.</summary>
public enum ModbusError
{
    /// <summary>The device understood and refused; <see cref="ModbusException.Code"/> says why.</summary>
    Refused,

    /// <summary>The answer contradicts the request or itself. Only this request failed; the connection goes
    /// on.</summary>
    MalformedAnswer,

    /// <summary>Where the next message begins is no longer known. The connection is closed.</summary>
    FramingLost,
}
