namespace EdgeTwin.Configuration;

/// <summary>A place in a file that a person edits.</summary>
/// <param name="File">As the user named it.</param>
/// <param name="Line">From 1; 0 for the file as a whole.</param>
/// <param name="Column">From 1, in characters; 0 for the line as a whole.</param>
internal readonly record struct ConfigPosition(string File, int Line, int Column) : IComparable<ConfigPosition>
{
    public int CompareTo(ConfigPosition other) =>
        string.CompareOrdinal(File, other.File) is var file and not 0 ? file
        : Line != other.Line ? Line.CompareTo(other.Line)
        : Column.CompareTo(other.Column);

    public override string ToString() =>
        Line == 0 ? File : Column == 0 ? $"{File}:{Line}" : $"{File}:{Line}:{Column}";
}
