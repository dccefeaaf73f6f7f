namespace EdgeTwin.Modbus;

/// <summary>What a client has seen so far; a snapshot.</summary>
/// <param name="Requests">Requests sent.</param>
/// <param name="Answers">Answers that went to their request, refusals included.</param>
/// <param name="Timeouts">Requests that nothing answered in time.</param>
/// <param name="Late">Answers that came after their request had been given up; discarded.</param>
/// <param name="Foreign">Answers to nothing that was asked, or a second answer; discarded.</param>
/// <param name="Malformed">Answers that contradicted their request or themselves.</param>
public readonly record struct ModbusClientCounters(
    long Requests, long Answers, long Timeouts, long Late, long Foreign, long Malformed);
