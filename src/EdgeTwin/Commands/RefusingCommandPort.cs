using EdgeTwin.Tags;

namespace EdgeTwin.Commands;

/// <summary>No tag is writable: there is no guard yet that could let a command through.</summary>
internal sealed class RefusingCommandPort : ICommandPort
{
    /// <inheritdoc/>
    public bool IsWritable(TagId tag) => false;

    /// <inheritdoc/>
    public ValueTask<StatusCode> RequestAsync(CommandRequest request, CancellationToken cancellation) =>
        ValueTask.FromResult(StatusCode.BadNotWritable);
}
