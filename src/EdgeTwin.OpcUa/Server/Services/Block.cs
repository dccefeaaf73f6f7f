using EdgeTwin.OpcUa.Server.Nodes;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Copies a block between a matrix and an array of its own, in runs of the last dimension.</summary>
internal static class Block
{
    /// <param name="matrix">Elements of the matrix, row by row.</param>
    /// <param name="dimensions">Its dimensions.</param>
    /// <param name="range">Where the block begins in each dimension.</param>
    /// <param name="block">Elements of the block.</param>
    /// <param name="sizes">The block's dimensions, as many as the matrix has.</param>
    /// <param name="intoBlock">True copies out of the matrix, false into it.</param>
    public static void Copy(Array matrix, ReadOnlySpan<int> dimensions, in NumericRange range, Array block,
        ReadOnlySpan<int> sizes, bool intoBlock)
    {
        var run = sizes[^1];
        Span<int> at = stackalloc int[sizes.Length];
        for (var done = 0; done < block.Length; done += run)
        {
            var start = 0;
            for (var i = 0; i < at.Length; i++)
            {
                start = (start * dimensions[i]) + range.First(i) + at[i];
            }

            if (intoBlock)
            {
                Array.Copy(matrix, start, block, done, run);
            }
            else
            {
                Array.Copy(block, done, matrix, start, run);
            }

            for (var i = at.Length - 2; i >= 0 && ++at[i] == sizes[i]; i--)
            {
                at[i] = 0;
            }
        }
    }
}
