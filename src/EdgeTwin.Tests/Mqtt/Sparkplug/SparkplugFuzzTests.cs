using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Sparkplug;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Mqtt.Sparkplug;

/// <summary>Mutated payloads: only the one declared exception comes out, and memory stays within what the limits
/// allow.</summary>
public class SparkplugFuzzTests(ITestOutputHelper log)
{
    /// <summary>EDGETWIN_FUZZ multiplies them.</summary>
    private static int Payloads => 300_000
        * (int.TryParse(Environment.GetEnvironmentVariable("EDGETWIN_FUZZ"), out var factor) ? factor : 1);

    [Fact]
    public void Mutated_payloads_raise_only_the_declared_exception_and_allocate_little()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var corpus = Corpus();
        var writer = new SparkplugWriter();
        var refused = 0;
        for (var i = 0; i < Payloads; i++)
        {
            var mutated = Mutate(corpus[random.Next(corpus.Length)], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var payload = SparkplugReader.Read(mutated);
                if (i % 16 == 0) writer.Write(payload); // what was accepted can be written
            }
            catch (MqttException)
            {
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, payload {i}: {Convert.ToHexString(mutated)}: {error}");
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 400_000, $"seed {seed}, payload {i}: {allocated} bytes");
        }
        log.WriteLine($"{refused} refused");
        Assert.InRange(refused, Payloads / 10, Payloads - Payloads / 10); // control: some hit, some are good
    }

    [Fact]
    public void Any_written_payload_reads_back_and_writes_the_same_bytes()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var writer = new SparkplugWriter();
        for (var i = 0; i < 2000; i++)
        {
            writer.Write(AnyPayload.Next(random));
            var first = writer.Written.ToArray();
            writer.Write(SparkplugReader.Read(first));
            Assert.Equal(Convert.ToHexString(first), Convert.ToHexString(writer.Written));
        }
    }

    private static byte[][] Corpus()
    {
        var random = new Random(1);
        var writer = new SparkplugWriter();
        var corpus = new byte[200][];
        for (var i = 0; i < corpus.Length; i++)
        {
            writer.Write(AnyPayload.Next(random));
            corpus[i] = writer.Written.ToArray();
        }
        return corpus;
    }

    private static byte[] Mutate(byte[] payload, Random random)
    {
        var mutated = payload.ToList();
        for (var changes = random.Next(4); changes > 0 && mutated.Count > 0; changes--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(5))
            {
                case 0: mutated[at] = (byte)random.Next(256); break;
                case 1: mutated.RemoveAt(at); break;
                case 2: mutated.Insert(at, (byte)random.Next(256)); break;
                case 3: mutated[at] ^= (byte)(1 << random.Next(8)); break;
                default: mutated.RemoveRange(at, mutated.Count - at); break;
            }
        }
        return [.. mutated];
    }
}
