using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Encoding;

/// <summary>What a hostile peer may write: every length, count and depth is checked before it is used.</summary>
public sealed class UaReaderTests
{
    private delegate void Read(ref UaReader reader);

    [Fact]
    public void A_string_of_two_gigabytes_is_refused_without_allocating()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        var status = Refused([0xFF, 0xFF, 0xFF, 0x7F, 1, 2], static (ref UaReader r) => r.ReadString());

        Assert.Equal(StatusCodes.BadEncodingLimitsExceeded, status);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_string_longer_than_its_message_is_refused() =>
        Assert.Equal(StatusCodes.BadDecodingError,
            Refused([5, 0, 0, 0, 1, 2], static (ref UaReader r) => r.ReadString()));

    [Fact]
    public void An_array_is_held_against_the_bytes_left_before_it_is_made() =>
        Assert.Equal(StatusCodes.BadDecodingError,
            Refused([0x40, 0x42, 0x0F, 0, 1, 2], static (ref UaReader r) => r.ReadDoubleArray()));

    [Fact]
    public void An_array_over_the_limit_is_refused_as_such() =>
        Assert.Equal(StatusCodes.BadEncodingLimitsExceeded,
            Refused([0x41, 0x42, 0x0F, 0, 1, 2], static (ref UaReader r) => r.ReadByteArray()));

    [Fact]
    public void Negative_counts_are_null_and_never_a_size()
    {
        var reader = new UaReader([0xFE, 0xFF, 0xFF, 0xFF], EncodingLimits.Default);

        Assert.Empty(reader.ReadInt32Array());
        Assert.Equal(0, reader.Remaining);
    }

    [Theory]
    [InlineData(101, false)]
    [InlineData(99, true)]
    public void Variants_may_nest_a_hundred_deep(int depth, bool accepted)
    {
        // Each level is an array of one variant.
        var bytes = new List<byte>();
        for (var i = 0; i < depth; i++)
        {
            bytes.AddRange([0x98, 1, 0, 0, 0]);
        }

        bytes.Add(0);
        if (accepted)
        {
            var reader = new UaReader([.. bytes], EncodingLimits.Default);
            Assert.True(reader.ReadVariant().IsArray);
            return;
        }

        Assert.Equal(StatusCodes.BadEncodingLimitsExceeded,
            Refused([.. bytes], static (ref UaReader r) => r.ReadVariant()));
    }

    [Fact]
    public void Diagnostic_infos_and_data_values_have_the_same_depth()
    {
        Assert.Equal(StatusCodes.BadEncodingLimitsExceeded, Refused(
            [.. Enumerable.Repeat((byte)0x40, 20_000)], static (ref UaReader r) => r.ReadDiagnosticInfo()));
        Assert.Equal(StatusCodes.BadEncodingLimitsExceeded, Refused(
            [.. Enumerable.Repeat<byte[]>([0x01, 0x17], 20_000).SelectMany(static b => b)],
            static (ref UaReader r) => r.ReadDataValue()));
    }

    [Theory]
    [InlineData("C6 02000000 0100000002000000 02000000 0300000001000000", "a product that is not the count")]
    [InlineData("C6 01000000 01000000 03000000 FFFFFFFF 01000000 FFFFFFFF", "negative dimensions")]
    [InlineData("C6 00000000 03000000 00000000 FFFFFF7F FFFFFFFF", "a zero that hides a negative")]
    [InlineData("46 01000000", "dimensions without an array")]
    [InlineData("18 0100", "a single variant in a variant")]
    [InlineData("20 00", "a type beyond the reserved ones")]
    public void A_variant_that_lies_about_its_shape_is_refused(string hex, string what)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        Assert.True(Refused(bytes, static (ref UaReader r) => r.ReadVariant()) == StatusCodes.BadDecodingError, what);
    }

    [Fact]
    public void A_structure_that_does_not_fill_its_length_is_refused() =>
        // A Range takes 16 bytes; 17 are declared.
        Assert.Equal(StatusCodes.BadDecodingError, Refused(
            [0x01, 0x00, 0x76, 0x03, 0x01, 17, 0, 0, 0, .. new byte[17]],
            static (ref UaReader r) => r.ReadExtensionObject()));

    [Fact]
    public void Times_out_of_range_are_the_minimum_and_the_maximum()
    {
        var reader = new UaReader([.. BitConverter.GetBytes(-5L), .. BitConverter.GetBytes(long.MaxValue)],
            EncodingLimits.Default);

        Assert.Equal(default, reader.ReadDateTime());
        Assert.Equal(DateTime.MaxValue, reader.ReadDateTime());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2026)]
    public void Damaged_messages_give_the_declared_exception_only(int seed)
    {
        var random = new Random(seed);
        var sample = Sample();
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = sample.ToArray();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                var reader = new UaReader(bytes.AsSpan(0, random.Next(1, bytes.Length + 1)), EncodingLimits.Default);
                while (reader.Remaining > 0)
                {
                    reader.ReadVariant();
                }
            }
            catch (OpcUaException)
            {
                refused++;
            }
        }

        Assert.True(refused > 1000, $"seed {seed}: only {refused} were refused");
    }

    private static byte[] Sample()
    {
        using var buffer = MessageBuffer.Rent(100_000);
        var writer = new UaWriter(buffer);
        Variant[] values =
        [
            1.5, "text", new byte[] { 1, 2 }, new NodeId(3, "x"), new LocalizedText("en", "a"),
            Variant.Of(new double[] { 1, 2, 3 }), Variant.Of(new Matrix(new int[] { 1, 2, 3, 4 }, 2, 2)),
            Variant.Of(new Variant[] { 1, "b", new DataValue(2.0, StatusCodes.BadTimeout) }),
            Variant.Of(new EdgeTwin.OpcUa.Schema.Range { Low = 1, High = 2 }),
            new DiagnosticInfo { AdditionalInfo = "x", InnerDiagnosticInfo = new DiagnosticInfo { Locale = 1 } },
        ];
        foreach (var value in values)
        {
            writer.WriteVariant(value);
        }

        return buffer.Written.ToArray();
    }

    private static StatusCode Refused(byte[] bytes, Read read)
    {
        var reader = new UaReader(bytes, EncodingLimits.Default);
        try
        {
            read(ref reader);
        }
        catch (OpcUaException error)
        {
            return error.Status;
        }

        return StatusCodes.Good;
    }
}
