namespace EdgeTwin.Tags;

/// <summary>
/// A configuration record that can say what is wrong with itself beyond what types and ranges express. The loader asks
/// after binding; a key that already failed to bind has its default value.
/// </summary>
internal interface IConfigCheck
{
    /// <summary>Each finding as (camel-case key of the record, message: what, the value, the fix). Does no
    /// I/O.</summary>
    IEnumerable<(string Key, string Message)> Check();
}
