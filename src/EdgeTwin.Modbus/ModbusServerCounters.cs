namespace EdgeTwin.Modbus;

/// <summary>What a server has seen so far; a snapshot.</summary>
/// <param name="Connections">Connections that are open now.</param>
/// <param name="Requests">Requests answered, refusals included.</param>
/// <param name="TurnedAway">Connections closed because there were too many.</param>
/// <param name="Broken">Connections ended because their bytes were not Modbus.</param>
/// <param name="Idle">Connections ended because they said nothing whole for too long.</param>
public readonly record struct ModbusServerCounters(int Connections, long Requests, long TurnedAway, long Broken,
    long Idle);
