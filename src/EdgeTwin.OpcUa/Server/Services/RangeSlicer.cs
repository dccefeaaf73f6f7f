using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Takes index ranges out of values and puts them in (OPC 10000-4 §7.27): arrays, matrices, strings, byte
/// strings, and parts of the strings in an array.</summary>
internal static class RangeSlicer
{
    /// <summary>What of <paramref name="value"/> lies in the range. The range may end beyond the value, not begin
    /// there.</summary>
    /// <returns>Good or BadIndexRangeNoData.</returns>
    public static StatusCode Slice(in Variant value, in NumericRange range, out Variant slice)
    {
        slice = default;
        if (value.IsScalar)
        {
            return SliceScalar(value, range, out slice);
        }

        var elements = value.Elements!;
        ReadOnlySpan<int> dimensions = value.Matrix is { } matrix ? matrix.Dimensions : [elements.Length];
        // One dimension more than the array has is a range within its strings.
        var ofStrings = range.Dimensions == dimensions.Length + 1
            && value.Type is BuiltInType.String or BuiltInType.ByteString;
        if (range.Dimensions != dimensions.Length && !ofStrings)
        {
            return StatusCodes.BadIndexRangeNoData;
        }

        var sizes = new int[dimensions.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            if (range.First(i) >= dimensions[i])
            {
                return StatusCodes.BadIndexRangeNoData;
            }

            sizes[i] = Math.Min(range.Last(i), dimensions[i] - 1) - range.First(i) + 1;
        }

        var taken = Array.CreateInstance(elements.GetType().GetElementType()!, (int)Matrix.Count(sizes));
        Block.Copy(elements, dimensions, range, taken, sizes, intoBlock: true);
        if (ofStrings && !SliceElements(taken, range, sizes.Length))
        {
            return StatusCodes.BadIndexRangeNoData;
        }

        slice = sizes.Length == 1 ? Variant.OfElements(value.Type, taken) : Variant.Of(new Matrix(taken, sizes));
        return StatusCodes.Good;
    }

    /// <summary>The present value with the range replaced by what was written.</summary>
    /// <returns>Good, BadIndexRangeNoData when the range is not wholly inside, BadIndexRangeDataMismatch when what was
    /// written has another shape, BadTypeMismatch.</returns>
    public static StatusCode Assign(in Variant present, in NumericRange range, in Variant written, out Variant merged)
    {
        merged = default;
        if (present.IsNull || (present.IsScalar && present.Reference is null))
        {
            return StatusCodes.BadIndexRangeNoData;
        }

        if (written.Type != present.Type)
        {
            return StatusCodes.BadTypeMismatch;
        }

        return present.IsScalar
            ? AssignScalar(present, range, written, out merged)
            : AssignElements(present, range, written, out merged);
    }

    private static StatusCode SliceScalar(in Variant value, in NumericRange range, out Variant slice)
    {
        slice = default;
        if (range.Dimensions != 1)
        {
            return StatusCodes.BadIndexRangeNoData;
        }

        var sliced = SliceText(value.Reference, range, 0);
        if (sliced is null)
        {
            return StatusCodes.BadIndexRangeNoData;
        }

        slice = Variant.Object(value.Type, sliced);
        return StatusCodes.Good;
    }

    private static object? SliceText(object? value, in NumericRange range, int dimension)
    {
        var first = range.First(dimension);
        switch (value)
        {
            case string text when first < text.Length:
                return text.Substring(first, Math.Min(range.Last(dimension), text.Length - 1) - first + 1);
            case byte[] bytes when first < bytes.Length:
                return bytes.AsSpan(first, Math.Min(range.Last(dimension), bytes.Length - 1) - first + 1).ToArray();
            default:
                return null;
        }
    }

    // Strings that are too short become null; no string at all that is long enough is no data.
    private static bool SliceElements(Array elements, in NumericRange range, int dimension)
    {
        var any = false;
        for (var i = 0; i < elements.Length; i++)
        {
            var part = SliceText(elements.GetValue(i), range, dimension);
            elements.SetValue(part, i);
            any |= part is not null;
        }

        return any;
    }

    private static StatusCode AssignScalar(
        in Variant present, in NumericRange range, in Variant written, out Variant merged)
    {
        merged = default;
        var length = present.Reference switch { string s => s.Length, byte[] b => b.Length, _ => -1 };
        if (length < 0 || range.Dimensions != 1 || range.Last(0) >= length)
        {
            return StatusCodes.BadIndexRangeNoData;
        }

        var size = range.Last(0) - range.First(0) + 1;
        switch (present.Reference, written.Reference)
        {
            case (string before, string part) when part.Length == size:
                merged = string.Concat(before.AsSpan(0, range.First(0)), part, before.AsSpan(range.Last(0) + 1));
                return StatusCodes.Good;
            case (byte[] before, byte[] part) when part.Length == size:
                var bytes = (byte[])before.Clone();
                part.CopyTo(bytes, range.First(0));
                merged = bytes;
                return StatusCodes.Good;
            default:
                return StatusCodes.BadIndexRangeDataMismatch;
        }
    }

    private static StatusCode AssignElements(
        in Variant present, in NumericRange range, in Variant written, out Variant merged)
    {
        merged = default;
        var elements = present.Elements!;
        ReadOnlySpan<int> dimensions = present.Matrix is { } matrix ? matrix.Dimensions : [elements.Length];
        if (range.Dimensions != dimensions.Length || written.IsScalar)
        {
            return StatusCodes.BadIndexRangeDataMismatch;
        }

        ReadOnlySpan<int> sizes = written.Matrix is { } part ? part.Dimensions : [written.Elements!.Length];
        if (sizes.Length != dimensions.Length)
        {
            return StatusCodes.BadIndexRangeDataMismatch;
        }

        for (var i = 0; i < sizes.Length; i++)
        {
            if (range.Last(i) >= dimensions[i])
            {
                return StatusCodes.BadIndexRangeNoData;
            }

            if (sizes[i] != range.Last(i) - range.First(i) + 1)
            {
                return StatusCodes.BadIndexRangeDataMismatch;
            }
        }

        var copy = (Array)elements.Clone();
        Block.Copy(copy, dimensions, range, written.Elements!, sizes, intoBlock: false);
        merged = present.Matrix is { } shape
            ? Variant.Of(new Matrix(copy, shape.Dimensions))
            : Variant.OfElements(present.Type, copy);
        return StatusCodes.Good;
    }
}
