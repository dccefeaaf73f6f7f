using System.Text;

namespace EdgeTwin.Mqtt.Packets;

/// <summary>CONNECT (§3.1): protocol name and level, flags, keep alive, then client id, will, user name,
/// password.</summary>
internal sealed record ConnectPacket
{
    private const byte CleanSessionFlag = 0x02;
    private const byte WillFlag = 0x04;
    private const byte WillRetainFlag = 0x20;
    private const byte PasswordFlag = 0x40;
    private const byte UserNameFlag = 0x80;

    public required string ClientId { get; init; }
    public required bool CleanSession { get; init; }
    public required int KeepAliveSeconds { get; init; }
    public MqttWill? Will { get; init; }
    public string? User { get; init; }
    public ReadOnlyMemory<byte>? Password { get; init; }

    public int RemainingLength =>
        10 + Length(ClientId)
        + (Will is null ? 0 : Length(Will.Topic) + 2 + Will.Payload.Length)
        + (User is null ? 0 : Length(User))
        + (Password is { } password ? 2 + password.Length : 0);

    public void Write(ref MqttWriter writer)
    {
        writer.FixedHeader(MqttPacketType.Connect, 0, RemainingLength);
        writer.Utf8String("MQTT"u8);
        writer.Byte((byte)writer.Version);
        writer.Byte(Flags());
        writer.TwoByteInteger(KeepAliveSeconds);
        writer.Utf8String(ClientId);
        if (Will is not null)
        {
            writer.Utf8String(Will.Topic);
            writer.BinaryData(Will.Payload.Span);
        }
        if (User is not null) writer.Utf8String(User);
        if (Password is { } password) writer.BinaryData(password.Span);
    }

    private byte Flags()
    {
        var flags = 0;
        if (CleanSession) flags |= CleanSessionFlag;
        if (Will is not null) flags |= WillFlag | (int)Will.Qos << 3 | (Will.Retain ? WillRetainFlag : 0);
        if (User is not null) flags |= UserNameFlag;
        if (Password is not null) flags |= PasswordFlag;
        return (byte)flags;
    }

    private static int Length(string text) => 2 + Encoding.UTF8.GetByteCount(text);
}
