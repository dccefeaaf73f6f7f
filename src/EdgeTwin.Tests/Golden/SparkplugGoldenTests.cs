using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Tests.Golden;

/// <summary>Sparkplug B payloads byte by byte; a line is a field: tag, length, content (Sparkplug 3.0 §6.4).</summary>
public class SparkplugGoldenTests
{
    [Fact]
    public void NDEATH_holds_bdSeq_and_no_sequence() => AssertPayload(
        new SparkplugPayload
        {
            Timestamp = 1,
            Metrics =
            [
                new SparkplugMetric
                {
                    Name = "bdSeq",
                    Timestamp = 1,
                    DataType = SparkplugDataType.Int64,
                    Value = SparkplugValue.FromInt64(7),
                },
            ],
        },
        """
        08 01                 timestamp
        12 0D                 metric, 13 bytes
           0A 05 62 64 53 65 71   name bdSeq
           18 01                  timestamp
           20 04                  datatype Int64
           58 07                  long_value
        """);

    [Fact]
    public void Data_holds_alias_time_and_value() => AssertPayload(
        new SparkplugPayload
        {
            Timestamp = 300,
            Sequence = 255,
            Metrics =
            [
                new SparkplugMetric
                {
                    Alias = 5,
                    Timestamp = 299,
                    IsHistorical = true,
                    Value = SparkplugValue.FromInt32(-1),
                },
                new SparkplugMetric { Alias = 6, IsNull = true },
                new SparkplugMetric { Alias = 7, Value = SparkplugValue.FromFloatBits(0x7FC00001) },
                new SparkplugMetric { Alias = 8, Value = SparkplugValue.FromDoubleBits(0x7FF8000000000123) },
                new SparkplugMetric { Alias = 9, Value = SparkplugValue.From(true) },
            ],
            Body = new byte[] { 0xAB },
        },
        """
        08 AC 02              timestamp 300
        12 0D                 metric
           10 05                  alias
           18 AB 02               timestamp 299
           28 01                  is_historical
           50 FF FF FF FF 0F      int_value, two's complement in 32 bits
        12 04 10 06 38 01     is_null
        12 07 10 07 65 01 00 C0 7F               float_value, a NaN with its payload
        12 0B 10 08 69 23 01 00 00 00 00 F8 7F   double_value
        12 04 10 09 70 01     boolean_value
        18 FF 01              seq
        2A 01 AB              body
        """);

    [Fact]
    public void A_birth_says_name_type_and_properties() => AssertPayload(
        new SparkplugPayload
        {
            Metrics =
            [
                new SparkplugMetric
                {
                    Name = "t",
                    Alias = 1,
                    DataType = SparkplugDataType.Text,
                    Properties =
                    [
                        new SparkplugProperty("engUnit", SparkplugDataType.String, SparkplugValue.From("bar")),
                        new SparkplugProperty("Quality", SparkplugDataType.Int32, SparkplugValue.FromInt(500)),
                        new SparkplugProperty("n", SparkplugDataType.String, default),
                    ],
                    Value = SparkplugValue.From("é"),
                },
            ],
        },
        """
        12 38                 metric
           0A 01 74 10 01 20 0E
           4A 2B                  properties: the keys, then the values
              0A 07 65 6E 67 55 6E 69 74  0A 07 51 75 61 6C 69 74 79  0A 01 6E
              12 07 08 0C 42 03 62 61 72     type String, string_value
              12 05 08 03 18 F4 03           type Int32, int_value
              12 04 08 0C 10 01              type String, is_null
           7A 02 C3 A9
        """);

    [Fact]
    public void A_table_and_a_template() => AssertPayload(
        new SparkplugPayload
        {
            Metrics =
            [
                new SparkplugMetric
                {
                    Alias = 1,
                    Value = SparkplugValue.From(new SparkplugDataSet(["a", "b"],
                        [SparkplugDataType.Int8, SparkplugDataType.String],
                        [[SparkplugValue.FromInt32(1), SparkplugValue.From("x")]])),
                },
                new SparkplugMetric
                {
                    Alias = 2,
                    Value = SparkplugValue.From(new SparkplugTemplate
                    {
                        Version = "1",
                        TemplateRef = "Pump",
                        IsDefinition = false,
                        Metrics = [new SparkplugMetric { Name = "m", Value = SparkplugValue.From(false) }],
                        Parameters = [new SparkplugParameter("p", SparkplugDataType.UInt8, SparkplugValue.FromInt(9))],
                    }),
                },
            ],
        },
        """
        12 1C
           10 01
           8A 01 17               dataset_value
              08 02                  num_of_columns
              12 01 61 12 01 62      columns
              18 01 18 0C            types
              22 09                  row
                 0A 02 08 01  0A 03 32 01 78
        12 20
           10 02
           92 01 1B               template_value
              0A 01 31               version
              12 05 0A 01 6D 70 00   metric
              1A 07 0A 01 70 10 05 18 09   parameter
              22 04 50 75 6D 70      template_ref
              28 00                  is_definition
        """);

    [Fact]
    public void A_definition_and_an_instance_with_the_member_that_changed()
    {
        var changed = new SparkplugMetric
        {
            Name = "m",
            Timestamp = 2,
            DataType = SparkplugDataType.Boolean,
            Value = SparkplugValue.From(true),
        };
        var instance = new SparkplugMetric
        {
            Alias = 1,
            Timestamp = 2,
            DataType = SparkplugDataType.Template,
            IsHistorical = true,
        };
        var payload = new SparkplugPayload
        {
            Metrics =
            [
                new SparkplugMetric
                {
                    Name = "Pump",
                    Timestamp = 1,
                    DataType = SparkplugDataType.Template,
                    Value = SparkplugValue.From(new SparkplugTemplate
                    {
                        IsDefinition = true,
                        Metrics = [changed with { Timestamp = 1, IsNull = true, Value = default }],
                    }),
                },
                instance with
                {
                    Value = SparkplugValue.From(new SparkplugTemplate
                    {
                        IsDefinition = false,
                        TemplateRef = "Pump",
                        Metrics = [changed],
                    }),
                },
            ],
        };
        AssertPayload(payload, """
            12 1A
               0A 04 50 75 6D 70  18 01  20 13
               92 01 0D               template_value
                  12 09                  member: name, timestamp, datatype, is_null
                     0A 01 6D  18 01  20 0B  38 01
                  28 01                  is_definition
            12 1E
               10 01  18 02  20 13  28 01   alias, timestamp, datatype, is_historical
               92 01 13
                  12 09
                     0A 01 6D  18 02  20 0B  70 01
                  22 04 50 75 6D 70      template_ref
                  28 00                  is_definition
            """);
        var writer = new SparkplugWriter();
        writer.Write(payload);
        var whole = Convert.ToHexString(writer.Written);
        writer.Begin(null, null);
        writer.Metric(payload.Metrics[0]);
        writer.BeginInstance(instance, "Pump");
        writer.Member(changed);
        var length = writer.Length;
        writer.Member(changed);
        writer.Truncate(length);
        writer.EndInstance();
        length = writer.Length;
        writer.BeginInstance(instance, "Pump");
        writer.Member(changed);
        writer.Truncate(length);
        Assert.Equal((whole, false), (Convert.ToHexString(writer.Written), writer.IsInstanceOpen)); // bit by bit
    }

    private static void AssertPayload(SparkplugPayload payload, string annotated)
    {
        var bytes = MqttGoldenTests.Bytes(annotated);
        var writer = new SparkplugWriter();
        writer.Write(payload);
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(writer.Written));
        writer.Write(SparkplugReader.Read(bytes)); // and back
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(writer.Written));
    }
}
