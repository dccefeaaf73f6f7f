using EdgeTwin.Tags;

namespace EdgeTwin.Upstream;

/// <summary>What an uplink gets when it is made.</summary>
/// <param name="AssetPath">ISA-95 path of the asset.</param>
/// <param name="GatewayId">Name of the gateway.</param>
/// <param name="Tags">All tags.</param>
/// <param name="Time">Clock for deadlines.</param>
/// <param name="BaseFolder">Folder of the configuration file; relative paths start there.</param>
internal sealed record UplinkContext(string AssetPath, string GatewayId, TagTable Tags, TimeProvider Time,
    string BaseFolder);
