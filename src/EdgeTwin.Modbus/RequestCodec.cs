namespace EdgeTwin.Modbus;

/// <summary>
/// Requests as bytes (Modbus Application Protocol V1.1b3 §6). Layouts, one box a byte or a big-endian pair:
/// <code>
///   1 2 3 4   | fn | address | quantity |
///   5 6       | fn | address | value    |
///   15 16     | fn | address | quantity | n | n bytes |
///   22        | fn | address | and mask | or mask |
///   23        | fn | read address | read quantity | write address | write quantity | n | n bytes |
/// </code>
/// </summary>
internal static class RequestCodec
{
    public static void Write(in ModbusRequest request, ref PduWriter writer)
    {
        writer.Write(request.Function);
        writer.Write(request.Address);
        switch (request.Function)
        {
            case ModbusFunction.WriteSingleCoil or ModbusFunction.WriteSingleRegister:
                writer.Write(request.Value);
                break;
            case ModbusFunction.MaskWriteRegister:
                writer.Write(request.Value);
                writer.Write(request.OrMask);
                break;
            case ModbusFunction.ReadWriteMultipleRegisters:
                writer.Write(request.Quantity);
                writer.Write(request.WriteAddress);
                writer.Write(request.WriteQuantity);
                WriteData(request, ref writer);
                break;
            default:
                writer.Write(request.Quantity);
                if (!request.Data.IsEmpty) WriteData(request, ref writer);
                break;
        }
    }

    /// <summary>
    /// Reads a request in the order of checks that the specification draws for each function: function known, quantity
    /// and byte count, address. The result says why it must be refused, or None.
    /// </summary>
    public static ModbusExceptionCode Read(ReadOnlyMemory<byte> pdu, out ModbusRequest request)
    {
        request = default;
        if (pdu.IsEmpty) return ModbusExceptionCode.IllegalFunction;
        var function = (ModbusFunction)pdu.Span[0];
        var head = HeadBytes(function);
        if (head == 0) return ModbusExceptionCode.IllegalFunction;
        if (pdu.Length < head) return ModbusExceptionCode.IllegalDataValue;

        var data = pdu[head..];
        if (CarriesData(function) ? pdu.Span[head - 1] != data.Length
            : !data.IsEmpty) return ModbusExceptionCode.IllegalDataValue;

        var reader = new PduReader(pdu.Span[1..]);
        int address = reader.ReadUInt16(), second = reader.ReadUInt16();
        return function switch
        {
            ModbusFunction.ReadCoils =>
                ReadRead(ModbusTable.Coils, address, second, ModbusLimits.ReadBits, out request),
            ModbusFunction.ReadDiscreteInputs =>
                ReadRead(ModbusTable.DiscreteInputs, address, second, ModbusLimits.ReadBits, out request),
            ModbusFunction.ReadHoldingRegisters =>
                ReadRead(ModbusTable.HoldingRegisters, address, second, ModbusLimits.ReadRegisters, out request),
            ModbusFunction.ReadInputRegisters =>
                ReadRead(ModbusTable.InputRegisters, address, second, ModbusLimits.ReadRegisters, out request),
            ModbusFunction.WriteSingleCoil => ReadWriteSingleCoil(address, second, out request),
            ModbusFunction.WriteMultipleCoils => ReadWriteMultipleCoils(address, second, data, out request),
            ModbusFunction.WriteMultipleRegisters => ReadWriteMultipleRegisters(address, second, data, out request),
            ModbusFunction.ReadWriteMultipleRegisters =>
                ReadReadWrite(address, second, reader.ReadUInt16(), reader.ReadUInt16(), data, out request),
            ModbusFunction.MaskWriteRegister =>
                Accept(ModbusRequest.MaskWriteRegister(address, (ushort)second, reader.ReadUInt16()), out request),
            _ => Accept(ModbusRequest.WriteSingleRegister(address, (ushort)second), out request),
        };
    }

    private static void WriteData(in ModbusRequest request, ref PduWriter writer)
    {
        writer.Write((byte)request.Data.Length);
        writer.Write(request.Data.Span);
    }

    /// <summary>Bytes up to and with the byte count; 0 for a function that is not known.</summary>
    private static int HeadBytes(ModbusFunction function) => function switch
    {
        >= ModbusFunction.ReadCoils and <= ModbusFunction.WriteSingleRegister => 5,
        ModbusFunction.WriteMultipleCoils or ModbusFunction.WriteMultipleRegisters => 6,
        ModbusFunction.MaskWriteRegister => 7,
        ModbusFunction.ReadWriteMultipleRegisters => 10,
        _ => 0,
    };

    private static bool CarriesData(ModbusFunction function) => function
        is ModbusFunction.WriteMultipleCoils or ModbusFunction.WriteMultipleRegisters
            or ModbusFunction.ReadWriteMultipleRegisters;

    private static ModbusExceptionCode ReadRead(
        ModbusTable table, int address, int quantity, int limit, out ModbusRequest request)
    {
        var refused = Check(address, quantity, limit);
        request = refused == ModbusExceptionCode.None ? ModbusRequest.Read(table, address, quantity) : default;
        return refused;
    }

    private static ModbusExceptionCode ReadWriteSingleCoil(int address, int value, out ModbusRequest request)
    {
        request = default;
        return value is 0 or 0xFF00 // V1.1b3 §6.5: all other values are illegal
            ? Accept(ModbusRequest.WriteSingleCoil(address, value != 0), out request)
            : ModbusExceptionCode.IllegalDataValue;
    }

    private static ModbusExceptionCode ReadWriteMultipleCoils(
        int address, int quantity, ReadOnlyMemory<byte> data, out ModbusRequest request)
    {
        var refused = data.Length == (quantity + 7) / 8
            ? Check(address, quantity, ModbusLimits.WriteBits) : ModbusExceptionCode.IllegalDataValue;
        request = refused == ModbusExceptionCode.None ? ModbusRequest.WriteMultipleCoils(address, quantity, data)
            : default;
        return refused;
    }

    private static ModbusExceptionCode ReadWriteMultipleRegisters(
        int address, int quantity, ReadOnlyMemory<byte> data, out ModbusRequest request)
    {
        var refused = data.Length == quantity * 2
            ? Check(address, quantity, ModbusLimits.WriteRegisters) : ModbusExceptionCode.IllegalDataValue;
        request = refused == ModbusExceptionCode.None ? ModbusRequest.WriteMultipleRegisters(address, data) : default;
        return refused;
    }

    private static ModbusExceptionCode ReadReadWrite(
        int address, int quantity, int writeAddress, int writeQuantity, ReadOnlyMemory<byte> data,
        out ModbusRequest request)
    {
        request = default;
        if (data.Length != writeQuantity * 2) return ModbusExceptionCode.IllegalDataValue;
        var read = Check(address, quantity, ModbusLimits.ReadWriteReadRegisters);
        var write = Check(writeAddress, writeQuantity, ModbusLimits.ReadWriteWriteRegisters);
        if (read == ModbusExceptionCode.IllegalDataValue || write == ModbusExceptionCode.IllegalDataValue)
            return ModbusExceptionCode.IllegalDataValue;
        if (read != ModbusExceptionCode.None
            || write != ModbusExceptionCode.None) return ModbusExceptionCode.IllegalDataAddress;
        return Accept(ModbusRequest.ReadWriteMultipleRegisters(address, quantity, writeAddress, data), out request);
    }

    private static ModbusExceptionCode Check(int address, int quantity, int limit) =>
        quantity < 1 || quantity > limit ? ModbusExceptionCode.IllegalDataValue
        : address + quantity > ModbusLimits.Addresses ? ModbusExceptionCode.IllegalDataAddress
        : ModbusExceptionCode.None;

    private static ModbusExceptionCode Accept(in ModbusRequest accepted, out ModbusRequest request)
    {
        request = accepted;
        return ModbusExceptionCode.None;
    }
}
