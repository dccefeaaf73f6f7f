namespace EdgeTwin.Modbus;

/// <summary>How a <see cref="ModbusClient"/> treats its device.</summary>
public sealed record ModbusClientOptions
{
    /// <summary>Longest wait for an answer, and for a connection; default 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Requests that may be without an answer at a time, 1 to 16; default 1, because many devices can do no
    /// more.</summary>
    public int Outstanding { get; init; } = 1;
}
