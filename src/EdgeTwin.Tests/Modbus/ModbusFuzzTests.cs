using EdgeTwin.Modbus;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Modbus;

/// <summary>
/// Damaged messages into every decoder: the only exception that may come out is the declared one. The seed is printed
/// and can be set with the environment variable MODBUS_FUZZ_SEED.
/// </summary>
public class ModbusFuzzTests(ITestOutputHelper output)
{
    private const int Rounds = 30_000;

    private static readonly ModbusRequest[] Requests =
    [
        ModbusRequest.Read(ModbusTable.Coils, 19, 19),
        ModbusRequest.Read(ModbusTable.DiscreteInputs, 0, 2000),
        ModbusRequest.Read(ModbusTable.HoldingRegisters, 107, 125),
        ModbusRequest.Read(ModbusTable.InputRegisters, 8, 1),
        ModbusRequest.WriteSingleCoil(172, true),
        ModbusRequest.WriteSingleRegister(1, 3),
        ModbusRequest.WriteMultipleCoils(19, 10, new byte[] { 0xCD, 0x01 }),
        ModbusRequest.WriteMultipleRegisters(1, new byte[246]),
        ModbusRequest.MaskWriteRegister(4, 0xF2, 0x25),
        ModbusRequest.ReadWriteMultipleRegisters(3, 6, 14, new byte[6]),
    ];

    [Fact]
    public void A_client_session_only_ever_throws_the_declared_exception()
    {
        var random = Seeded();
        var (answered, lost, failed) = (0, 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var session = new ClientSession(1);
            var message = new byte[MbapHeader.LongestMessage];
            session.Begin(0, 1, Requests[random.Next(Requests.Length)], message);
            var answer = Damage(random, RightAnswer(message));
            try
            {
                var received = session.Receive(answer);
                Assert.InRange(received.Consumed, 0, answer.Length);
                if (received.Slot < 0) continue;
                session.Complete(0, answer.AsSpan(0, received.Consumed));
                answered++;
            }
            catch (ModbusException e)
            {
                if (e.Error == ModbusError.FramingLost) lost++;
                else failed++;
            }
        }

        // Control: the damage is neither so heavy nor so light that one of the ends is never reached.
        Assert.True(answered > 100 && lost > 100
            && failed > 100, $"answered {answered}, framing lost {lost}, failed {failed}");
    }

    [Fact]
    public void A_server_session_answers_whatever_comes_with_a_message_that_fits()
    {
        var random = Seeded();
        var session = new ServerSession(new ModbusMemory(2500, 2500, 200, 200));
        var (served, refused) = (0, 0);
        var buffer = new byte[ModbusLimits.PduBytes];
        for (var round = 0; round < Rounds; round++)
        {
            var writer = new PduWriter(buffer);
            RequestCodec.Write(Requests[random.Next(Requests.Length)], ref writer);
            var pdu = Damage(random, buffer[..writer.Length]);
            if (pdu.Length == 0) continue; // the framing lets none through
            writer = new PduWriter(buffer);
            session.Answer(1, pdu, ref writer);
            if ((buffer[0] & 0x80) != 0) refused++;
            else served++;
        }

        Assert.True(served > 100 && refused > 100, $"served {served}, refused {refused}");
    }

    [Fact]
    public void A_serial_receiver_survives_any_bytes()
    {
        var random = Seeded();
        var receiver = new RtuReceiver(RtuTiming.At(9600));
        var now = TimeSpan.Zero;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            now += TimeSpan.FromMilliseconds(random.Next(10));
            receiver.Receive(bytes, now);
            now += TimeSpan.FromMilliseconds(random.Next(10));
            receiver.TryTake(now, random.Next(256), out _, out _);
        }

        Assert.True(receiver.Dropped > 100);
    }

    private Random Seeded()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MODBUS_FUZZ_SEED"), out var given)
            ? given : Random.Shared.Next();
        output.WriteLine($"MODBUS_FUZZ_SEED={seed}");
        return new Random(seed);
    }

    private static byte[] RightAnswer(byte[] request)
    {
        MbapHeader.TryRead(request, out var header);
        var answer = new byte[MbapHeader.LongestMessage];
        var writer = new PduWriter(answer.AsSpan(MbapHeader.Bytes));
        new ServerSession(new ModbusMemory(2500, 2500, 200, 200))
            .Answer(header.Unit, request.AsMemory(MbapHeader.Bytes, header.PduBytes), ref writer);
        var framed = header with { PduBytes = writer.Length };
        framed.Write(answer);
        return answer[..framed.MessageBytes];
    }

    private static byte[] Damage(Random random, byte[] message)
    {
        var damaged = message.ToList();
        for (var hits = random.Next(3); hits > 0 && damaged.Count > 0; hits--)
        {
            var at = random.Next(Math.Min(damaged.Count, 12)); // the head decides more than the data
            switch (random.Next(4))
            {
                case 0: damaged[at] = (byte)random.Next(256); break;
                case 1: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: damaged.RemoveRange(at, random.Next(damaged.Count - at) + 1); break;
                default: damaged.Insert(at, (byte)random.Next(256)); break;
            }
        }

        return [.. damaged];
    }
}
