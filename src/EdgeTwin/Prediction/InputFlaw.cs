namespace EdgeTwin.Prediction;

/// <summary>What is wrong with an input of a model.</summary>
internal enum InputFlaw
{
    None,

    /// <summary>It has had no value yet, or the window is not full.</summary>
    Waiting,

    /// <summary>Its status is bad.</summary>
    Bad,

    /// <summary>Its status is uncertain.</summary>
    Uncertain,

    /// <summary>Its value is older than its cadence allows.</summary>
    Stale,

    /// <summary>Its value lies outside the range that the model was trained on.</summary>
    OutsideTraining,

    /// <summary>An earlier row of the window had a flaw; a good value was held over it.</summary>
    Earlier,
}
