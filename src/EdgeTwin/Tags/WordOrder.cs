namespace EdgeTwin.Tags;

/// <summary>Which half comes first on the wire.</summary>
internal enum WordOrder
{
    /// <summary>Most significant first, as the Modbus specification has it.</summary>
    Big,

    /// <summary>Least significant first.</summary>
    Little,
}
