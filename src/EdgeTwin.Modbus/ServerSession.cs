namespace EdgeTwin.Modbus;

/// <summary>The server's side without the connection: one request in, one answer out. No I/O.</summary>
internal sealed class ServerSession(IModbusDataStore store)
{
    /// <summary>Carries a request out and writes the answer's protocol data unit.</summary>
    public void Answer(byte unit, ReadOnlyMemory<byte> pdu, ref PduWriter answer)
    {
        var refused = RequestCodec.Read(pdu, out var request);
        if (refused == ModbusExceptionCode.None && request.AnswerBytes == 0)
        {
            refused = Write(unit, request);
            if (refused == ModbusExceptionCode.None) AnswerCodec.WriteEcho(request, ref answer);
        }
        else if (refused == ModbusExceptionCode.None)
        {
            var start = answer;
            var data = AnswerCodec.WriteData(request, ref answer);
            data.Clear();
            refused = Read(unit, request, data);
            if (refused != ModbusExceptionCode.None) answer = start;
        }

        if (refused != ModbusExceptionCode.None) AnswerCodec.WriteRefused(pdu.Span[0], refused, ref answer);
    }

    private ModbusExceptionCode Read(byte unit, in ModbusRequest request, Span<byte> data) => request.Function switch
    {
        ModbusFunction.ReadCoils => store.ReadBits(unit, ModbusTable.Coils, request.Address, request.Quantity, data),
        ModbusFunction.ReadDiscreteInputs =>
        store.ReadBits(unit, ModbusTable.DiscreteInputs, request.Address, request.Quantity, data),
        ModbusFunction.ReadInputRegisters =>
        store.ReadRegisters(unit, ModbusTable.InputRegisters, request.Address, data),
        ModbusFunction.ReadWriteMultipleRegisters => WriteThenRead(unit, request, data),
        _ => store.ReadRegisters(unit, ModbusTable.HoldingRegisters, request.Address, data),
    };

    private ModbusExceptionCode Write(byte unit, in ModbusRequest request)
    {
        ReadOnlySpan<byte> single = [(byte)(request.Value >> 8), (byte)request.Value];
        return request.Function switch
        {
            ModbusFunction.WriteSingleCoil =>
                store.WriteCoils(unit, request.Address, 1, request.Value != 0 ? [1] : [0]),
            ModbusFunction.WriteSingleRegister => store.WriteRegisters(unit, request.Address, single),
            ModbusFunction.WriteMultipleCoils =>
            store.WriteCoils(unit, request.Address, request.Quantity, request.Data.Span),
            ModbusFunction.MaskWriteRegister =>
            store.MaskWriteRegister(unit, request.Address, request.Value, request.OrMask),
            _ => store.WriteRegisters(unit, request.Address, request.Data.Span),
        };
    }

    /// <summary>The write comes before the read (V1.1b3 §6.17), but nothing is written when the read would be
    /// refused.</summary>
    private ModbusExceptionCode WriteThenRead(byte unit, in ModbusRequest request, Span<byte> data)
    {
        var refused = store.ReadRegisters(unit, ModbusTable.HoldingRegisters, request.Address, data);
        if (refused == ModbusExceptionCode.None) refused =
            store.WriteRegisters(unit, request.WriteAddress, request.Data.Span);
        return refused != ModbusExceptionCode.None
            ? refused : store.ReadRegisters(unit, ModbusTable.HoldingRegisters, request.Address, data);
    }
}
