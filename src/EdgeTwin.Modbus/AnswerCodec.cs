namespace EdgeTwin.Modbus;

/// <summary>
/// Answers as bytes (Modbus Application Protocol V1.1b3 §6, §7). Layouts, one box a byte or a big-endian pair:
/// <code>
///   1 2 3 4 23   | fn | n | n bytes |
///   5 6          | fn | address | value |
///   15 16        | fn | address | quantity |
///   22           | fn | address | and mask | or mask |
///   refused      | fn + 0x80 | exception code |
/// </code>
/// </summary>
internal static class AnswerCodec
{
    private const byte RefusedBit = 0x80;

    /// <summary>Holds an answer against its request and returns the data that it carries, empty for an echo.</summary>
    /// <exception cref="ModbusException">The device refused, or the answer contradicts the request or
    /// itself.</exception>
    public static ReadOnlySpan<byte> Read(in ModbusRequest request, ReadOnlySpan<byte> pdu)
    {
        var reader = new PduReader(pdu);
        var function = reader.ReadByte();
        if (function == ((byte)request.Function | RefusedBit)) throw Refused(request.Function, reader);
        if (function != (byte)request.Function)
            throw Malformed($"the answer to {request.Function} has function code {function}");
        return request.AnswerBytes > 0 ? ReadData(request, reader) : ReadEcho(request, reader);
    }

    public static void WriteRefused(byte function, ModbusExceptionCode code, ref PduWriter writer)
    {
        writer.Write((byte)(function | RefusedBit));
        writer.Write((byte)code);
    }

    /// <summary>Begins an answer that carries data, and returns the place for it.</summary>
    public static Span<byte> WriteData(in ModbusRequest request, ref PduWriter writer)
    {
        writer.Write(request.Function);
        writer.Write((byte)request.AnswerBytes);
        return writer.Reserve(request.AnswerBytes);
    }

    public static void WriteEcho(in ModbusRequest request, ref PduWriter writer)
    {
        writer.Write(request.Function);
        writer.Write(request.Address);
        writer.Write(Echo(request));
        if (request.Function == ModbusFunction.MaskWriteRegister) writer.Write(request.OrMask);
    }

    private static ReadOnlySpan<byte> ReadData(in ModbusRequest request, PduReader reader)
    {
        int count = reader.ReadByte();
        var data = reader.ReadRest();
        if (count != data.Length) throw Malformed($"the answer says that {count} bytes follow, but {data.Length} do");
        if (count != request.AnswerBytes)
            throw Malformed(
                $"{request.Function} of {request.Quantity} asks for {request.AnswerBytes} bytes, but {count} came");
        return data;
    }

    private static ReadOnlySpan<byte> ReadEcho(in ModbusRequest request, PduReader reader)
    {
        int address = reader.ReadUInt16(), value = reader.ReadUInt16();
        if (address != request.Address || value != Echo(request))
            throw Malformed($"the echo of {request.Function} differs from the request");
        if (request.Function == ModbusFunction.MaskWriteRegister && reader.ReadUInt16() != request.OrMask)
            throw Malformed("the echo of the OR mask differs from the request");
        return reader.Remaining == 0 ? []
            : throw Malformed($"{reader.Remaining} bytes too many in the echo of {request.Function}");
    }

    private static ushort Echo(in ModbusRequest request) =>
        request.Function is ModbusFunction.WriteMultipleCoils or ModbusFunction.WriteMultipleRegisters
            ? request.Quantity : request.Value;

    private static ModbusException Refused(ModbusFunction function, PduReader reader)
    {
        var code = (ModbusExceptionCode)reader.ReadByte();
        return reader.Remaining == 0
            ? new ModbusException(function, code)
            : Malformed($"{reader.Remaining} bytes too many after exception {(byte)code}");
    }

    private static ModbusException Malformed(string message) => new(ModbusError.MalformedAnswer, message);
}
