using EdgeTwin.Modbus;

namespace EdgeTwin.Sources.Modbus;

/// <summary>How a request went.</summary>
/// <param name="IsRead">Its tags have been posted with their values.</param>
/// <param name="Refusal">The device's reason when it refused; nothing has been posted then.</param>
internal readonly record struct ReadOutcome(bool IsRead, ModbusExceptionCode Refusal)
{
    public static ReadOutcome Read => new(true, ModbusExceptionCode.None);

    /// <summary>No answer or a malformed one; the tags have been posted with that.</summary>
    public static ReadOutcome Failed => new(false, ModbusExceptionCode.None);

    /// <summary>A code of 0 is no code of the specification either, so it counts as one that nobody knows.</summary>
    public static ReadOutcome Refused(ModbusExceptionCode code) =>
        new(false, code == ModbusExceptionCode.None ? (ModbusExceptionCode)0xFF : code);

    public bool IsRefused => Refusal != ModbusExceptionCode.None;
}
