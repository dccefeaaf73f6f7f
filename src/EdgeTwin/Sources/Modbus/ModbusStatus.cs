using EdgeTwin.Modbus;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Modbus;

/// <summary>What an exception of the device means for the tags that were asked for.</summary>
internal static class ModbusStatus
{
    public static StatusCode Of(ModbusExceptionCode code) => code switch
    {
        ModbusExceptionCode.IllegalFunction => StatusCode.BadNotSupported,
        ModbusExceptionCode.IllegalDataAddress => StatusCode.BadNodeIdUnknown,
        ModbusExceptionCode.IllegalDataValue => StatusCode.BadOutOfRange,
        ModbusExceptionCode.ServerDeviceFailure or ModbusExceptionCode.NegativeAcknowledge
            or ModbusExceptionCode.MemoryParityError => StatusCode.BadDeviceFailure,
        ModbusExceptionCode.Acknowledge or ModbusExceptionCode.ServerDeviceBusy => StatusCode.BadResourceUnavailable,
        ModbusExceptionCode.GatewayPathUnavailable => StatusCode.BadNoCommunication,
        ModbusExceptionCode.GatewayTargetFailedToRespond => StatusCode.BadTimeout,
        _ => StatusCode.BadUnexpectedError,
    };

    /// <summary>Asked for less, the device may answer.</summary>
    public static bool IsAboutAddress(ModbusExceptionCode code) =>
        code is ModbusExceptionCode.IllegalDataAddress or ModbusExceptionCode.IllegalDataValue;

    /// <summary>Asked again soon, the device would refuse again.</summary>
    public static bool IsLasting(ModbusExceptionCode code) => code == ModbusExceptionCode.IllegalFunction
        || IsAboutAddress(code);

    public static bool IsBusy(ModbusExceptionCode code) =>
        code is ModbusExceptionCode.Acknowledge or ModbusExceptionCode.ServerDeviceBusy;
}
