namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>A table. Names, types and the cells of each row are equally many (§6.4.12–6.4.14).</summary>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Types">Their data types, all of them basic.</param>
/// <param name="Rows">Cells, row by row.</param>
public sealed record SparkplugDataSet(
    IReadOnlyList<string> Columns, IReadOnlyList<SparkplugDataType> Types,
    IReadOnlyList<IReadOnlyList<SparkplugValue>> Rows);
