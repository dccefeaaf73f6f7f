using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>A JSON text being written as UTF-8 into a buffer that is used again for every message.</summary>
internal sealed class Utf8Payload
{
    /// <summary>Room that a number or a time never exceeds.</summary>
    private const int Small = 64;
    private const int LongestText = 65_536;

    private static readonly double[] PowersOfTen = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

    private readonly byte[] timeText = new byte[28];
    private byte[] bytes = new byte[16 * 1024];
    private long timeTicks = -1;
    private long secondTicks = -1;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Drops everything behind a length.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>A value as JSON has it; null when there is none.</summary>
    public void Value(in TagValue value)
    {
        switch (value.Type)
        {
            case TagDataType.None:
                Raw("null"u8);
                break;
            case TagDataType.Bool:
                Raw(value.Bits != 0 ? "true"u8 : "false"u8);
                break;
            case TagDataType.Float32:
                Number(BitConverter.UInt32BitsToSingle(unchecked((uint)value.Bits)));
                break;
            case TagDataType.Float64:
                Number(BitConverter.Int64BitsToDouble(value.Bits));
                break;
            case TagDataType.UInt64:
                Integer(unchecked((ulong)value.Bits));
                break;
            case TagDataType.String:
                Text(value.Text ?? "");
                break;
            default:
                Integer(value.Bits);
                break;
        }
    }

    public void Raw(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Length += text.Length;
    }

    public void Raw(byte character)
    {
        Room(1)[0] = character;
        Length++;
    }

    public void Integer(long number)
    {
        Utf8Formatter.TryFormat(number, Room(Small), out var written);
        Length += written;
    }

    public void Integer(ulong number)
    {
        Utf8Formatter.TryFormat(number, Room(Small), out var written);
        Length += written;
    }

    /// <summary>The shortest digits that give the number back; NaN and the infinities as strings, which JSON
    /// lacks.</summary>
    public void Number(double number)
    {
        // Measured values mostly have few decimals. If number x 10^d is an integer that divides back to the number, its
        // digits are the shortest ones (at most 15, hence unique), at a fraction of the cost of the general way.
        foreach (var power in PowersOfTen)
        {
            var scaled = number * power;
            if (!(Math.Abs(scaled) <= 999_999_999_999_999)) break;
            if (Math.Truncate(scaled) != scaled || scaled / power != number) continue;
            Decimal(scaled, power);
            return;
        }
        if (double.IsFinite(number)) Formatted(number);
        else NotFinite(number);
    }

    /// <summary>The shortest digits that give the single-precision number back.</summary>
    public void Number(float number)
    {
        // As above; six digits are unambiguous in single precision.
        foreach (var power in PowersOfTen)
        {
            var scaled = Math.Round(number * power);
            if (!(Math.Abs(scaled) <= 999_999)) break;
            if ((float)(scaled / power) != number) continue;
            Decimal(scaled, power);
            return;
        }
        if (float.IsFinite(number)) Formatted(number);
        else NotFinite(number);
    }

    /// <summary>ISO 8601 UTC with seven digits of the second, in quotes:
    /// <c>"2026-11-22T13:01:35.1234567Z"</c>.</summary>
    public void Time(DateTime time)
    {
        Raw((byte)'"');
        TimeText(time);
        Raw((byte)'"');
    }

    /// <summary>The same without quotes.</summary>
    public void TimeText(DateTime time)
    {
        if (time.Ticks != timeTicks) Format(time);
        timeText.CopyTo(Room(timeText.Length));
        Length += timeText.Length;
    }

    /// <summary>A string in quotes, escaped; one longer than 65,536 characters is cut.</summary>
    public void Text(string text)
    {
        Raw((byte)'"');
        Escaped(text);
        Raw((byte)'"');
    }

    /// <summary>A string as it stands between quotes.</summary>
    public void Escaped(string text)
    {
        var rest = text.AsSpan();
        if (rest.Length > LongestText) rest = rest[..LongestText];
        while (!rest.IsEmpty)
        {
            var special = IndexOfSpecial(rest);
            var plain = special < 0 ? rest : rest[..special];
            Length += Encoding.UTF8.GetBytes(plain, Room(Encoding.UTF8.GetMaxByteCount(plain.Length)));
            if (special < 0) break;
            Escape(rest[special]);
            rest = rest[(special + 1)..];
        }
    }

    private static int IndexOfSpecial(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
            if (text[i] < ' ' || text[i] is '"' or '\\') return i;
        return -1;
    }

    private void Escape(char character)
    {
        Raw((byte)'\\');
        switch (character)
        {
            case '"' or '\\':
                Raw((byte)character);
                break;
            case '\n':
                Raw((byte)'n');
                break;
            case '\r':
                Raw((byte)'r');
                break;
            case '\t':
                Raw((byte)'t');
                break;
            default:
                Raw("u00"u8);
                Utf8Formatter.TryFormat((byte)character, Room(Small), out var written, new StandardFormat('x', 2));
                Length += written;
                break;
        }
    }

    private void Decimal(double scaled, double power)
    {
        if (double.IsNegative(scaled)) Raw((byte)'-'); // also of -0
        var integer = (long)Math.Abs(scaled);
        if (power == 1)
        {
            Integer(integer);
            return;
        }
        var (whole, fraction) = Math.DivRem(integer, (long)power);
        Integer(whole);
        var decimals = 0;
        for (var rest = power; rest > 1; rest /= 10) decimals++;
        var room = Room(Small);
        room[0] = (byte)'.';
        for (var i = decimals; i > 0; i--)
        {
            (fraction, var digit) = Math.DivRem(fraction, 10);
            room[i] = (byte)('0' + digit);
        }
        Length += decimals + 1;
    }

    private void Formatted<T>(T number)
        where T : IUtf8SpanFormattable
    {
        number.TryFormat(Room(Small), out var written, "R", CultureInfo.InvariantCulture);
        Length += written;
    }

    private void NotFinite(double number) =>
        Raw(double.IsNaN(number) ? "\"NaN\""u8 : number > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8);

    // The text of the last second is kept; only the seven digits behind it change.
    private void Format(DateTime time)
    {
        var fraction = time.Ticks % TimeSpan.TicksPerSecond;
        var second = time.Ticks - fraction;
        if (second != secondTicks)
        {
            Utf8Formatter.TryFormat(DateTime.SpecifyKind(time, DateTimeKind.Utc), timeText, out _,
                new StandardFormat('O'));
            secondTicks = second;
        }
        for (var i = 26; i >= 20; i--)
        {
            (fraction, var digit) = Math.DivRem(fraction, 10);
            timeText[i] = (byte)('0' + digit);
        }
        timeTicks = time.Ticks;
    }

    private Span<byte> Room(int size)
    {
        if (bytes.Length - Length < size) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + size));
        return bytes.AsSpan(Length);
    }
}
