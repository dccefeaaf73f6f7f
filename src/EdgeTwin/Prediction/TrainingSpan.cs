namespace EdgeTwin.Prediction;

/// <summary>What a model was trained on.</summary>
/// <param name="From">Time of the first row, UTC.</param>
/// <param name="To">Time of the last row, UTC.</param>
/// <param name="Rows">Rows that were used.</param>
/// <param name="Sha256">Of the times and values that were used, in hexadecimal; tells whether two packages saw the same
/// data.</param>
internal sealed record TrainingSpan(DateTime From, DateTime To, long Rows, string Sha256);
