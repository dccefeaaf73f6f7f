using EdgeTwin.Modbus;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Modbus;

/// <summary>
/// Writes one tag with the narrowest function that the device knows: 5 or 6 for one coil or register, else 15 or 16,
/// and 22 for a bit of a register. What a device does not know is asked once and then avoided.
/// </summary>
internal sealed class ModbusTagWriter
{
    private readonly byte[] registers = new byte[ModbusLimits.WriteRegisters * 2];
    private bool singlesUnknown;
    private bool maskUnknown;

    /// <summary>Good when the device has confirmed; refusals come as exceptions.</summary>
    public async ValueTask<StatusCode> WriteAsync(
        ModbusClient client, byte unit, ModbusTag tag, TagValue value, CancellationToken cancellation)
    {
        if (tag.Address.Table
            is not (ModbusTable.Coils or ModbusTable.HoldingRegisters)) return StatusCode.BadNotWritable;
        var status = tag.TryToDevice(value, out var device);
        if (!status.IsGood) return status;
        if (tag.Address.Table == ModbusTable.Coils) await WriteCoilAsync(client, unit, tag, device.Bits != 0,
            cancellation);
        else if (tag.Address.Bit is not null) await WriteBitAsync(client, unit, tag, device.Bits != 0, cancellation);
        else
        {
            var bytes = tag.Span.Length * 2;
            if (bytes > registers.Length) return StatusCode.BadNotSupported; // a string longer than one write can carry
            status = tag.TryWrite(device, registers.AsSpan(0, bytes));
            if (status.IsGood) await WriteRegistersAsync(client, unit, tag.Span.Start, bytes, cancellation);
        }

        return status;
    }

    private async ValueTask WriteCoilAsync(ModbusClient client, byte unit, ModbusTag tag, bool on,
        CancellationToken cancellation)
    {
        if (!singlesUnknown && await TrySingleAsync(client, unit, ModbusRequest.WriteSingleCoil(tag.Span.Start, on),
            cancellation)) return;
        registers[0] = on ? (byte)1 : (byte)0;
        await client.SendAsync(unit, ModbusRequest.WriteMultipleCoils(tag.Span.Start, 1, registers.AsMemory(0, 1)),
            default, cancellation);
    }

    private async ValueTask WriteRegistersAsync(ModbusClient client, byte unit, int address, int bytes,
        CancellationToken cancellation)
    {
        var first = RegisterCodec.ReadUInt16(registers, RegisterOrder.Abcd);
        if (bytes == 2 && !singlesUnknown
            && await TrySingleAsync(client, unit, ModbusRequest.WriteSingleRegister(address, first),
                cancellation)) return;
        await client.SendAsync(unit, ModbusRequest.WriteMultipleRegisters(address, registers.AsMemory(0, bytes)),
            default, cancellation);
    }

    private async ValueTask WriteBitAsync(ModbusClient client, byte unit, ModbusTag tag, bool on,
        CancellationToken cancellation)
    {
        var mask = tag.WireMask();
        if (!maskUnknown)
        {
            try
            {
                var request = ModbusRequest.MaskWriteRegister(tag.Span.Start, (ushort)~mask, on ? mask : (ushort)0);
                await client.SendAsync(unit, request, default, cancellation);
                return;
            }
            catch (ModbusException e) when (e.Code == ModbusExceptionCode.IllegalFunction)
            {
                maskUnknown = true;
            }
        }

        // Few devices know function 22. Between this read and write the device may change another bit of the register.
        await client.SendAsync(unit, ModbusRequest.Read(ModbusTable.HoldingRegisters, tag.Span.Start, 1), registers,
            cancellation);
        var current = RegisterCodec.ReadUInt16(registers, RegisterOrder.Abcd);
        RegisterCodec.WriteUInt16(registers, (ushort)(on ? current | mask : current & ~mask), RegisterOrder.Abcd);
        await WriteRegistersAsync(client, unit, tag.Span.Start, 2, cancellation);
    }

    /// <summary>False when the device does not know functions 5 and 6.</summary>
    private async ValueTask<bool> TrySingleAsync(ModbusClient client, byte unit, ModbusRequest request,
        CancellationToken cancellation)
    {
        try
        {
            await client.SendAsync(unit, request, default, cancellation);
            return true;
        }
        catch (ModbusException e) when (e.Code == ModbusExceptionCode.IllegalFunction)
        {
            singlesUnknown = true;
            return false;
        }
    }
}
