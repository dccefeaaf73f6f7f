using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>Decodes answers; a fault, and a bad result of the service as a whole, become the exception.</summary>
public static class ResponseReader
{
    /// <summary>Decodes the answer to a request.</summary>
    /// <exception cref="OpcUaException">The service's bad code, or <c>BadUnknownResponse</c> when the answer is of
    /// another
    /// service.</exception>
    public static T Read<T>(ReadOnlySpan<byte> message, EncodingLimits limits)
        where T : IServiceResponse, IStructure<T>
    {
        var reader = new UaReader(message, limits);
        var id = MessageBody.ReadTypeId(ref reader);
        if (id == ServiceFault.EncodingId)
        {
            var status = ServiceFault.Decode(ref reader).ResponseHeader.ServiceResult;
            throw new OpcUaException(status.IsBad ? status : StatusCodes.BadUnknownResponse,
                $"the server refused {typeof(T).Name.Replace("Response", "", StringComparison.Ordinal)}");
        }

        var position = reader.Position;
        var response = T.Decode(ref reader);
        if (response.BinaryEncodingId != id)
            throw new OpcUaException(StatusCodes.BadUnknownResponse,
                $"a response i={id} at {position}, where {typeof(T).Name} is due");
        return response.ResponseHeader.ServiceResult is { IsBad: true } bad
            ? throw new OpcUaException(bad, $"the server refused {typeof(T).Name}")
            : response;
    }
}
