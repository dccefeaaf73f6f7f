using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server;

/// <summary>Encodes and sends whole responses and faults.</summary>
internal static class Answers
{
    /// <summary>Sends the response of a session's request; a fault when it is larger than the client takes.</summary>
    public static void Send(RequestContext context, IServiceResponse response) => Send(context.Connection,
        context.RequestId, context.RequestHandle, context.UtcNow, response, context.Session.MaxResponseMessageSize);

    /// <summary>Sends a response; a fault when it is larger than the client takes.</summary>
    /// <param name="connection">To where.</param>
    /// <param name="requestId">The request on its channel.</param>
    /// <param name="handle">The client's handle.</param>
    /// <param name="utcNow">The clock.</param>
    /// <param name="response">What to send.</param>
    /// <param name="most">The session's limit in bytes; 0 is none.</param>
    public static void Send(IServerConnection connection, uint requestId, uint handle, DateTime utcNow,
        IServiceResponse response, uint most)
    {
        var buffer = connection.RentBuffer();
        try
        {
            ResponseHead.WriteResponse(buffer, response, handle, utcNow);
        }
        catch (OpcUaException) when (buffer.HasOverflowed)
        {
            buffer.Dispose();
            SendFault(connection, requestId, handle, utcNow, StatusCodes.BadResponseTooLarge);
            return;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        if (most != 0 && buffer.Length > most)
        {
            buffer.Reset();
            ResponseHead.WriteFault(buffer, handle, utcNow, StatusCodes.BadResponseTooLarge);
        }

        connection.Send(requestId, buffer);
    }

    /// <summary>Sends a ServiceFault.</summary>
    public static void SendFault(
        IServerConnection connection, uint requestId, uint handle, DateTime utcNow, StatusCode status)
    {
        var buffer = connection.RentBuffer();
        ResponseHead.WriteFault(buffer, handle, utcNow, status);
        connection.Send(requestId, buffer);
    }

    /// <summary>Holds a response against what the client said in CreateSession.</summary>
    /// <exception cref="OpcUaException">BadResponseTooLarge.</exception>
    public static void RequireFits(Session session, MessageBuffer buffer)
    {
        if (session.MaxResponseMessageSize != 0 && buffer.Length > session.MaxResponseMessageSize)
            throw new OpcUaException(StatusCodes.BadResponseTooLarge, "the response is larger than the client takes");
    }
}
