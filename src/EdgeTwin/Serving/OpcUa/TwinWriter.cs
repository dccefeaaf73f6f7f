using EdgeTwin.Commands;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tags;
using UaStatusCode = EdgeTwin.OpcUa.Types.StatusCode;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>Takes what clients write to the command port, which decides; and shows beforehand what can be written at
/// all.</summary>
/// <param name="commands">Decides.</param>
/// <param name="time">Clock of the requests.</param>
internal sealed class TwinWriter(ICommandPort commands, TimeProvider time)
{
    /// <summary>Makes a variable writable when its tag is.</summary>
    public void Attach(VariableNode variable, TagDefinition tag)
    {
        var isWritable = commands.IsWritable(tag.Id);
        variable.AccessLevel = isWritable
            ? AccessLevelExType.CurrentRead | AccessLevelExType.CurrentWrite
            : AccessLevelExType.CurrentRead;
        variable.Writer = isWritable ? new Writer(this, tag) : null;
    }

    private async ValueTask<UaStatusCode> WriteAsync(
        TagDefinition tag, VariableWrite write, CancellationToken cancellation)
    {
        if (!TagVariant.TryTo(write.Value.Value, tag.Type, out var value)) return StatusCodes.BadTypeMismatch;
        var request = new CommandRequest(tag.Id, value, "opcua", write.User.Name, time.GetUtcNow().UtcDateTime);
        return (await commands.RequestAsync(request, cancellation)).Code;
    }

    private sealed class Writer(TwinWriter owner, TagDefinition tag) : IVariableWriter
    {
        public ValueTask<UaStatusCode> WriteAsync(VariableWrite write, CancellationToken cancellationToken) =>
            owner.WriteAsync(tag, write, cancellationToken);
    }
}
