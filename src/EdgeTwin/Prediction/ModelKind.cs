namespace EdgeTwin.Prediction;

/// <summary>What a model is for; written in kebab case in a package.</summary>
internal enum ModelKind
{
    /// <summary>Says how far the machine is from its normal operation.</summary>
    AnomalyDetection,

    /// <summary>Estimates a quantity that is not measured, from those that are.</summary>
    SoftSensor,

    /// <summary>Says what a quantity will be, <see cref="ModelManifest.Horizon"/> from now.</summary>
    Forecast,

    /// <summary>Says how long the machine can go on.</summary>
    RemainingLife,

    /// <summary>Names the state that the machine is in.</summary>
    Classification,
}
