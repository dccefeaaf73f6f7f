namespace EdgeTwin.Modbus;

/// <summary>
/// Why a device refused a request (Modbus Application Protocol V1.1b3 §7). Devices also answer codes that the
/// specification does not name; those pass through as their number.
/// </summary>
public enum ModbusExceptionCode : byte
{
    /// <summary>No exception: the request was carried out.</summary>
    None = 0,

    /// <summary>The device does not know the function, or not in its present state.</summary>
    IllegalFunction = 1,

    /// <summary>An address of the request does not exist, or start and quantity together reach beyond the
    /// last.</summary>
    IllegalDataAddress = 2,

    /// <summary>A quantity, length or value of the request is not allowed.</summary>
    IllegalDataValue = 3,

    /// <summary>The device failed while it carried the request out.</summary>
    ServerDeviceFailure = 4,

    /// <summary>Accepted, but it takes long; ask again later.</summary>
    Acknowledge = 5,

    /// <summary>The device is busy with a long command; ask again later.</summary>
    ServerDeviceBusy = 6,

    /// <summary>The device cannot perform the program function; from older editions of the specification.</summary>
    NegativeAcknowledge = 7,

    /// <summary>The device found a parity error in its extended memory.</summary>
    MemoryParityError = 8,

    /// <summary>The gateway has no path to the unit: usually its configuration, or overload.</summary>
    GatewayPathUnavailable = 10,

    /// <summary>The unit behind the gateway did not answer: usually it is not there.</summary>
    GatewayTargetFailedToRespond = 11,
}
