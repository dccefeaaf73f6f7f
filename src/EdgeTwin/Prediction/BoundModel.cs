using EdgeTwin.Tags;

namespace EdgeTwin.Prediction;

/// <summary>A package whose inputs and outputs are joined to the gateway's tags.</summary>
/// <param name="Name">As configured; outputs are named <c>name.output</c>.</param>
/// <param name="Package">The model.</param>
/// <param name="Inputs">In the order of the package.</param>
/// <param name="Outputs">Tags of the outputs, in the order of the package.</param>
internal sealed record BoundModel(
    string Name, ModelPackage Package, IReadOnlyList<InputBinding> Inputs, IReadOnlyList<TagDefinition> Outputs)
{
    /// <summary>An output as a sample; without a value when the status is bad or the number does not fit its
    /// type.</summary>
    public Sample ToSample(
        int output, double number, StatusCode status, DateTime sourceTime, DateTime now, ClockState clock)
    {
        var tag = Outputs[output];
        if (status.IsBad) return new Sample(tag.Id, TagValue.None, status, sourceTime, now, clock);
        var definition = Package.Manifest.Outputs[output];
        return TryValue(definition, number, out var value)
            ? new Sample(tag.Id, value, status, sourceTime, now, clock)
            : new Sample(tag.Id, TagValue.None, StatusCode.BadOutOfRange, sourceTime, now, clock);
    }

    /// <summary>Why a window is not good, for people; empty when it is.</summary>
    public string Explain(WindowQuality quality)
    {
        var input = quality.Input >= 0 ? Inputs[quality.Input] : null;
        return quality.Flaw switch
        {
            InputFlaw.None => "",
            InputFlaw.Waiting when input is not null => $"tag '{input.Tag.Name}' has had no value yet",
            InputFlaw.Waiting => $"the window of {Package.Manifest.Window} rows is not full yet",
            InputFlaw.Bad => $"tag '{input!.Tag.Name}' is {quality.Status}",
            InputFlaw.Uncertain => $"tag '{input!.Tag.Name}' is uncertain",
            InputFlaw.Stale =>
            $"tag '{input!.Tag.Name}' has had no new value for {input.StaleAfter.TotalSeconds:0.#} s",
            InputFlaw.OutsideTraining =>
                $"tag '{input!.Tag.Name}' is outside the range {input.Input.Range} {input.Input.Unit} that the model "
                    + $"was trained on",
            _ => $"tag '{input!.Tag.Name}' was not good within the last {Package.Manifest.Window} rows",
        };
    }

    private static bool TryValue(ModelOutput output, double number, out TagValue value)
    {
        value = TagValue.None;
        if (!double.IsFinite(number)) return false;
        if (output.Type != TagDataType.String) return TagValue.TryFromDouble(output.Type, number, out value);
        if (number < 0 || number >= output.Labels.Count) return false;
        value = TagValue.From(output.Labels[(int)number]);
        return true;
    }
}
