namespace EdgeTwin.Prediction.Training;

/// <summary>Which part of a CSV file is training data.</summary>
internal sealed record TrainingCsvOptions
{
    /// <summary>Columns to take, in this order; null takes all that hold numbers in the first row.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Name of the time column; null finds <c>time</c>, <c>timestamp</c> or <c>datetime</c>, else takes the
    /// first column.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>Unit by column; a header such as <c>flow [L/min]</c> says it too.</summary>
    public IReadOnlyDictionary<string, string> Units { get; init; } = new Dictionary<string, string>();

    /// <summary>A column that is not 0 where the machine was not normal; such rows are left out. Null where there is
    /// none.</summary>
    public string? AnomalyColumn { get; init; }
}
