namespace EdgeTwin.OpcUa.Types;

/// <summary>An array of more than one dimension: its elements in row-major order (OPC 10000-6 §5.2.2.16).</summary>
public sealed class Matrix
{
    /// <exception cref="ArgumentException">The dimensions do not multiply to the number of elements.</exception>
    public Matrix(Array elements, params int[] dimensions)
    {
        ArgumentNullException.ThrowIfNull(elements);
        ArgumentNullException.ThrowIfNull(dimensions);
        if (elements.Rank != 1 || Count(dimensions) != elements.Length)
        {
            throw new ArgumentException(
                $"dimensions [{string.Join(',', dimensions)}] do not hold {elements.Length} elements",
                    nameof(dimensions));
        }

        Elements = elements;
        Dimensions = dimensions;
    }

    /// <summary>A one-dimensional array of the .NET type of the elements.</summary>
    public Array Elements { get; }

    /// <summary>Length of each dimension, the slowest first.</summary>
    public int[] Dimensions { get; }

    /// <summary>The product of the dimensions; -1 when one is negative or the product is beyond
    /// <see cref="int"/>.</summary>
    internal static long Count(ReadOnlySpan<int> dimensions)
    {
        long count = 1;
        foreach (var dimension in dimensions)
        {
            // A zero anywhere makes an empty matrix, but must not hide a negative or absurd neighbour.
            if (dimension < 0 || (dimension > 0 && count > int.MaxValue / dimension))
            {
                return -1;
            }

            count *= dimension;
        }

        return count;
    }
}
