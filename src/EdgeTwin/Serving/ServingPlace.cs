namespace EdgeTwin.Serving;

/// <summary>Which gateway serves, and where its files are.</summary>
/// <param name="GatewayId">The gateway's id.</param>
/// <param name="BaseFolder">Folder of the configuration file; relative paths start there.</param>
/// <param name="DataFolder">The gateway's data folder.</param>
internal sealed record ServingPlace(string GatewayId, string BaseFolder, string DataFolder);
