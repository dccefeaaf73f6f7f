namespace EdgeTwin.Prediction.Training;

/// <summary>A trained package and what there is to say about it.</summary>
internal sealed record TrainingResult(ReadOnlyMemory<byte> Package, TrainingReport Report);
