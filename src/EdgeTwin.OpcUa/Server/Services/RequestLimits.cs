using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>Reads how many operations a request has.</summary>
internal static class RequestLimits
{
    /// <summary>Reads the length of the list of operations; its elements fit in what is left.</summary>
    /// <exception cref="OpcUaException">BadNothingToDo, BadTooManyOperations.</exception>
    public static int ReadCount(ref UaReader request, int leastSize, uint most)
    {
        var count = request.ReadArrayLength(leastSize);
        Check(Math.Max(count, 0), most);
        return count;
    }

    /// <summary>Holds a number of operations against the limit.</summary>
    /// <exception cref="OpcUaException">BadNothingToDo, BadTooManyOperations.</exception>
    public static void Check(int count, uint most)
    {
        if (count == 0)
        {
            throw new OpcUaException(StatusCodes.BadNothingToDo, "the request has no operation");
        }

        if (count > most)
        {
            throw new OpcUaException(StatusCodes.BadTooManyOperations, $"{count} operations; at most {most} are taken");
        }
    }
}
