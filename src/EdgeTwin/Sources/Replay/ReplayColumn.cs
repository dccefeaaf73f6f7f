using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Replay;

/// <summary>Turns one column of a recording into the samples of one tag.</summary>
internal sealed class ReplayColumn(SourceContext context, SourceTag tag, string column)
{
    private int index = -1;
    private bool complained;
    private TagValue lastText;

    /// <summary>Looks the column up in the header of a file that is about to be played.</summary>
    public void Bind(CsvRecording recording)
    {
        index = recording.IndexOf(column);
        if (index >= 0) return;
        var hint = NearestName.Hint(column, [.. recording.Columns], "it has");
        var file = Path.GetFileName(recording.Path);
        ReplayLog.ColumnMissing(context.Logger, context.Name, file, column, hint, tag.Definition.Name);
    }

    /// <summary>The sample of the current row.</summary>
    public Sample Read(CsvRecording recording, DateTime sourceTime, DateTime receiveTime, ClockState clock)
    {
        var status = Decode(recording, out var value);
        return new Sample(tag.Definition.Id, value, status, sourceTime, receiveTime, clock);
    }

    private StatusCode Decode(CsvRecording recording, out TagValue value)
    {
        value = TagValue.None;
        if (index < 0) return StatusCode.BadConfigurationError;
        var field = recording.Field(index);
        if (tag.Config.Type == TagDataType.String)
        {
            // Texts seldom change; the same one is not made twice.
            if (lastText.Text is null || !field.SequenceEqual(lastText.Text)) lastText =
                TagValue.From(field.ToString());
            value = lastText;
            return StatusCode.Good;
        }

        if (RecordedValue.IsMissing(field)) return StatusCode.BadNoData;
        if (!RecordedValue.TryParse(field, tag.Config.Type, out value)) return Complain(recording, field);
        return tag.TryScale(ref value) ? StatusCode.Good : StatusCode.BadOutOfRange;
    }

    private StatusCode Complain(CsvRecording recording, ReadOnlySpan<char> field)
    {
        if (!complained)
        {
            ReplayLog.NotDecoded(
                context.Logger, context.Name, recording.Place, field.ToString(), column, tag.Config.Type,
                tag.Definition.Name);
        }

        complained = true;
        return StatusCode.BadDecodingError;
    }
}
