namespace EdgeTwin.Modbus;

/// <summary>Packed binary-coded decimal: four bits a digit, four digits a register, no sign.</summary>
public static class PackedDecimal
{
    /// <summary>The number that the digits say; false when one of them is not 0-9.</summary>
    public static bool TryDecode(ulong packed, out ulong number)
    {
        number = 0;
        for (var shift = 60; shift >= 0; shift -= 4)
        {
            var digit = packed >> shift & 0xF;
            if (digit > 9) return false;
            number = number * 10 + digit;
        }

        return true;
    }

    /// <summary>The digits of a number in so many registers; false when it has more than four digits a
    /// register.</summary>
    public static bool TryEncode(ulong number, int registers, out ulong packed)
    {
        packed = 0;
        for (var shift = 0; shift < registers * 16; shift += 4)
        {
            packed |= number % 10 << shift;
            number /= 10;
        }

        return number == 0;
    }
}
