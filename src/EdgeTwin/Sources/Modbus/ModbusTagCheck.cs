using EdgeTwin.Modbus;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Modbus;

/// <summary>Finds what a Modbus device cannot give as it was written.</summary>
internal static class ModbusTagCheck
{
    public static IEnumerable<(string Key, string Message)> Check(SourceConfig source, TagConfig tag)
    {
        if (!ModbusAddress.TryParse(tag.Address, out var address, out var problem))
        {
            yield return ("address", problem);
            yield break;
        }

        var type = tag.Type.ToString().ToLowerInvariant();
        if (address.IsOneBit != (tag.Type == TagDataType.Bool))
        {
            yield return ("type", address.IsOneBit
                ? $"{address} is one bit, so the type is bool, not {type}"
                : $"{address} is a register, not a bool; name the bit, such as {address}.0");
            yield break;
        }

        if (tag.Type == TagDataType.String && tag.Length is null)
        {
            yield return ("length", "a string needs its length in characters; two lie in a register");
            yield break;
        }

        if (tag.Coding == NumberCoding.Bcd && tag.Type is TagDataType.Int8 or TagDataType.UInt8)
            yield return ("coding", $"bcd fills whole registers, so the type is uint16, uint32 or uint64, not {type}");
        if (address.IsOneBit) yield break;

        var registers = Registers(tag);
        var last = address.Number + registers - 1;
        if (last >= ModbusLimits.Addresses)
        {
            yield return ("address",
                $"{type} at {address} needs registers {address.Number}-{last}, and the last there can be is "
                    + $"{ModbusLimits.Addresses - 1}");
        }

        if (source is ModbusTcpSourceConfig config && registers > config.MaxRegisters)
        {
            yield return (tag.Type == TagDataType.String ? "length" : "type",
                $"it needs {registers} registers, and the source's maxRegisters allows {config.MaxRegisters} in one "
                    + $"answer");
        }
    }

    /// <summary>Number of registers that a value lies in.</summary>
    public static int Registers(TagConfig tag) => tag.Type switch
    {
        TagDataType.Int32 or TagDataType.UInt32 or TagDataType.Float32 => 2,
        TagDataType.Int64 or TagDataType.UInt64 or TagDataType.Float64 => 4,
        TagDataType.String => ((tag.Length ?? 1) + 1) / 2,
        _ => 1,
    };
}
