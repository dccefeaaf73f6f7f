using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Services;

/// <summary>Many operations in requests that the server takes. One that is too large after all is cut in two.</summary>
internal static class Batch
{
    /// <param name="items">The operations.</param>
    /// <param name="limit">Most operations of a request.</param>
    /// <param name="send">Sends some of them; gives one result each.</param>
    /// <exception cref="OpcUaException">A request failed as a whole, or has another number of results.</exception>
    public static async Task<TResult[]> RunAsync<TItem, TResult>(
        IReadOnlyList<TItem> items, int limit, Func<TItem[], Task<TResult[]>> send)
    {
        var results = new TResult[items.Count];
        var done = 0;
        while (done < items.Count)
        {
            var part = Part(items, done, Math.Min(limit, items.Count - done));
            try
            {
                var some = await send(part);
                if (some.Length != part.Length)
                {
                    throw new OpcUaException(StatusCodes.BadUnknownResponse,
                        $"{some.Length} results for {part.Length} operations");
                }

                some.CopyTo(results, done);
                done += part.Length;
            }
            catch (OpcUaException e) when (part.Length > 1 && IsTooLarge(e.Status))
            {
                limit = part.Length / 2;
            }
        }

        return results;
    }

    private static bool IsTooLarge(StatusCode status) => status.Value is StatusCodes.BadTooManyOperations
        or StatusCodes.BadResponseTooLarge or StatusCodes.BadRequestTooLarge or StatusCodes.BadTcpMessageTooLarge
        or StatusCodes.BadEncodingLimitsExceeded;

    private static TItem[] Part<TItem>(IReadOnlyList<TItem> items, int start, int count)
    {
        if (start == 0 && count == items.Count && items is TItem[] all) return all;
        var part = new TItem[count];
        for (var i = 0; i < count; i++) part[i] = items[start + i];
        return part;
    }
}
