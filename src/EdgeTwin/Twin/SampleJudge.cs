using EdgeTwin.Tags;

namespace EdgeTwin.Twin;

/// <summary>Holds each sample against the definition of its tag: data type first, then range.</summary>
internal sealed class SampleJudge(IReadOnlyList<TagDefinition> tags)
{
    private readonly Rule[] rules = [.. tags.Select(tag => new Rule(
        tag.Type, tag.Type is not (TagDataType.String or TagDataType.Bool) && tag.Range is not null,
        tag.Range?.Low ?? 0, tag.Range?.High ?? 0))];

    public long TypeMismatches { get; private set; }

    public long OutOfRange { get; private set; }

    /// <summary>The sample with the status it deserves; its value as a number, NaN where it is bad or has
    /// none.</summary>
    public Sample Judge(in Sample sample, out double number)
    {
        ref readonly var rule = ref rules[sample.Tag.Index];
        number = double.NaN;
        if (sample.Value.Type != rule.Type)
        {
            if (sample.Value.IsNone && sample.Status.IsBad) return sample;
            TypeMismatches++;
            return sample with
            {
                Value = TagValue.None,
                Status = sample.Status.IsBad ? sample.Status : sample.Value.IsNone ? StatusCode.BadNoData
                : StatusCode.BadTypeMismatch,
            };
        }

        if (sample.Status.IsBad) return sample;
        number = sample.Value.AsDouble();
        if (!rule.HasRange || number >= rule.Low && number <= rule.High) return sample;
        OutOfRange++;
        return sample.Status.IsGood ? sample with { Status = StatusCode.UncertainEngineeringUnitsExceeded } : sample;
    }

    private readonly record struct Rule(TagDataType Type, bool HasRange, double Low, double High);
}
