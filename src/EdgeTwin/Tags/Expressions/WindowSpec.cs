namespace EdgeTwin.Tags.Expressions;

/// <summary>One window function of a compiled expression.</summary>
internal readonly record struct WindowSpec(WindowFunction Function, TimeSpan Length);
