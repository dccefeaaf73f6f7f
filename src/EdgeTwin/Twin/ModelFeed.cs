using EdgeTwin.Prediction;
using EdgeTwin.Tags;

namespace EdgeTwin.Twin;

/// <summary>Offers each model the current samples of its inputs when one of them has changed.</summary>
internal sealed class ModelFeed
{
    private readonly IPredictor[] predictors;
    private readonly Sample[][] inputs;
    private readonly TagDependants dependants;
    private readonly bool[] isTouched;
    private bool isAnyTouched;

    public ModelFeed(IReadOnlyList<IPredictor> predictors, int tagCount)
    {
        this.predictors = [.. predictors];
        inputs = [.. predictors.Select(predictor => new Sample[predictor.Inputs.Count])];
        dependants = new TagDependants(tagCount, predictors.Select(predictor => predictor.Inputs.Distinct()));
        isTouched = new bool[predictors.Count];
    }

    public bool DependsOn(int tag) => dependants.Of(tag).Length > 0;

    public void Touch(int tag)
    {
        foreach (var predictor in dependants.Of(tag)) isAnyTouched = isTouched[predictor] = true;
    }

    public void Offer(ReadOnlySpan<TagState> states, DateTime now)
    {
        if (!isAnyTouched) return;
        isAnyTouched = false;
        for (var i = 0; i < predictors.Length; i++)
        {
            if (!isTouched[i]) continue;
            isTouched[i] = false;
            for (var j = 0; j < inputs[i].Length; j++) inputs[i][j] = states[predictors[i].Inputs[j].Index].Sample;
            predictors[i].Offer(inputs[i], now);
        }
    }
}
