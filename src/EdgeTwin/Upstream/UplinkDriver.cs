namespace EdgeTwin.Upstream;

/// <summary>One line of <see cref="UplinkCatalog"/>: all that the gateway knows of a kind of uplink.</summary>
/// <param name="Name">The value of <c>driver</c> in the configuration.</param>
/// <param name="ConfigType">Its record, derived from <see cref="UplinkConfig"/>.</param>
/// <param name="Create">Makes an unconnected uplink; does no I/O.</param>
/// <param name="Check">Finds what is wrong with its configuration, as (key of the record, message); does no
/// I/O.</param>
internal sealed record UplinkDriver(
    string Name, Type ConfigType, Func<UplinkConfig, UplinkContext, IUplink> Create,
    Func<UplinkConfig, IEnumerable<(string Key, string Message)>> Check);
