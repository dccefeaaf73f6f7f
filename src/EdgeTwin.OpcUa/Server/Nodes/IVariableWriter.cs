using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Takes what clients write to a variable and passes it on, to a device for example.</summary>
public interface IVariableWriter
{
    /// <summary>Carries a write out. Access, data type and rank were checked before; the variable's own value is left
    /// to the writer: it changes when the device says so.</summary>
    /// <param name="write">What is written, where and by whom.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <returns>The result that the client gets.</returns>
    ValueTask<StatusCode> WriteAsync(VariableWrite write, CancellationToken cancellationToken);
}
