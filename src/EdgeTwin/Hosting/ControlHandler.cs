using System.Text.Json;

namespace EdgeTwin.Hosting;

/// <summary>
/// Answers one control request. What it returns is written as JSON; a <see cref="ControlException"/> reaches the person
/// who asked, any other exception is logged and reaches them as an internal error.
/// </summary>
internal delegate ValueTask<object?> ControlHandler(string verb, JsonElement arguments, CancellationToken cancellation);
