namespace EdgeTwin.Commands;

/// <summary>
/// The one way from a face of the gateway (OPC UA, MQTT, web, command line) to the machine. A face turns what it was
/// sent into a <see cref="CommandRequest"/> and reports the answer; whether, when and how anything is written is
/// decided behind this.
/// </summary>
internal interface ICommandPort
{
    /// <summary>Whether a tag may be written at all, as far as a face shows it beforehand (an access level, a
    /// greyed field).</summary>
    bool IsWritable(Tags.TagId tag);

    /// <summary>Does it or refuses it; the status says which, as OPC UA has it.</summary>
    ValueTask<Tags.StatusCode> RequestAsync(CommandRequest request, CancellationToken cancellation);
}
