using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EdgeTwin.Tests.Mqtt;

/// <summary>The receiving half of a broker, for QoS 2 messages with the topic "a" and a number as payload.</summary>
internal sealed class Qos2BrokerModel
{
    private readonly HashSet<ushort> unreleased = [];

    /// <summary>The numbers that it took over, in order.</summary>
    public List<int> Taken { get; } = [];

    /// <summary>Takes packets of a client and returns the answers.</summary>
    public List<byte[]> Take(ReadOnlySpan<byte> bytes)
    {
        var answers = new List<byte[]>();
        while (bytes.Length > 0)
        {
            var body = bytes.Slice(2, bytes[1]);
            var first = bytes[0];
            bytes = bytes[(2 + body.Length)..];
            if (first >> 4 == 3)
            {
                var id = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
                if (unreleased.Add(id))
                    Taken.Add(int.Parse(Encoding.ASCII.GetString(body[5..]), CultureInfo.InvariantCulture));
                answers.Add([0x50, 2, (byte)(id >> 8), (byte)id]);
            }
            else if (first >> 4 == 6)
            {
                unreleased.Remove(BinaryPrimitives.ReadUInt16BigEndian(body));
                answers.Add([0x70, 2, body[0], body[1]]);
            }
        }
        return answers;
    }
}
