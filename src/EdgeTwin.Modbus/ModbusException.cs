namespace EdgeTwin.Modbus;

/// <summary>The peer refused a request or broke the protocol: the only exception that decoding bytes can
/// throw.</summary>
public sealed class ModbusException : Exception
{
    /// <summary>Creates the exception for an answer that breaks the protocol.</summary>
    public ModbusException(ModbusError error, string message) : base(message) => Error = error;

    /// <summary>Creates the exception for a request that the device refused.</summary>
    public ModbusException(ModbusFunction function, ModbusExceptionCode code)
        : base($"the device refused {function} with exception {(byte)code} ({code})")
    {
        Error = ModbusError.Refused;
        Code = code;
    }

    /// <summary>What kind of error it is.</summary>
    public ModbusError Error { get; }

    /// <summary>The device's reason when it refused; otherwise <see cref="ModbusExceptionCode.None"/>.</summary>
    public ModbusExceptionCode Code { get; }
}
