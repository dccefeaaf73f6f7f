using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Sources.Modbus;

/// <summary>A device, or a gateway to serial devices, that is read over Modbus TCP.</summary>
internal sealed record ModbusTcpSourceConfig : SourceConfig
{
    /// <summary>Host name or IP address of the device, with its port where that is not 502: <c>10.0.0.7</c>,
    /// <c>plc-3:1502</c>,
    /// <c>[fe80::1]:502</c>.</summary>
    [RegularExpression(ModbusEndpoint.Pattern)]
    public required string Endpoint { get; init; }

    /// <summary>Unit identifier. Behind a gateway it names the serial device; a device of its own mostly ignores
    /// it.</summary>
    [Range(0, 255)]
    public int Unit { get; init; } = 1;

    /// <summary>Most registers that the device gives in one answer; the protocol's limit is 125, some devices give
    /// fewer.</summary>
    [Range(1, 125)]
    public int MaxRegisters { get; init; } = 125;

    /// <summary>Most coils or discrete inputs that the device gives in one answer; the protocol's limit is
    /// 2000.</summary>
    [Range(1, 2000)]
    public int MaxBits { get; init; } = 2000;

    /// <summary>Registers between two tags that are read along unused when that saves a request; of coils and discrete
    /// inputs sixteen times as many. 0 reads nothing but what the tags need.</summary>
    [Range(0, 124)]
    public int MaxGap { get; init; } = 8;

    /// <summary>Requests that may be without an answer at a time; more than 1 only where the device's manual says
    /// so.</summary>
    [Range(1, 16)]
    public int Outstanding { get; init; } = 1;

    /// <summary>How often a request that found no answer is sent again before its tags turn BadTimeout.</summary>
    [Range(0, 5)]
    public int Retries { get; init; } = 1;

    /// <summary>Requests in a row without an answer after which the connection is given up and made anew.</summary>
    [Range(1, 100)]
    public int MaxTimeouts { get; init; } = 3;

    /// <summary>Time after which an address that the device refused is tried again.</summary>
    public TimeSpan RetryRefused { get; init; } = TimeSpan.FromSeconds(60);
}
