namespace EdgeTwin.Prediction.Training;

/// <summary>A column of training data: a tag and the unit of its numbers (empty where none).</summary>
internal sealed record TrainingColumn(string Name, string Unit);
