namespace EdgeTwin.Prediction;

/// <summary>What keeps a configured model from running.</summary>
/// <param name="Model">Its name in the configuration.</param>
/// <param name="Message">What, which, the value, the fix.</param>
internal sealed record ModelError(string Model, string Message);
