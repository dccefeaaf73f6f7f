using EdgeTwin.Tags;

namespace EdgeTwin.Sources.OpcUa;

/// <summary>Finds what cannot work in the configuration of an OPC UA source.</summary>
internal static class OpcUaSourceCheck
{
    private static readonly string[] Policies =
        ["None", "Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss", "ECC_nistP256", "ECC_nistP384"];

    private static readonly string[] Deprecated = ["Basic128Rsa15", "Basic256"];

    public static IEnumerable<(string Key, string Message)> Check(OpcUaSourceConfig config)
    {
        var endpoint = config.Endpoint;
        if (!endpoint.IsAbsoluteUri || endpoint.Scheme != "opc.tcp" || endpoint.Host.Length == 0)
            yield return ("endpoint", $"'{endpoint.OriginalString}' is no OPC UA server; write opc.tcp://host:4840");
        else if (endpoint.UserInfo.Length > 0)
            yield return ("endpoint",
                "user and password do not belong into the address; use 'user' and 'password: env:NAME'");
        if (Deprecated.Contains(config.Policy))
            yield return ("policy", $"'{config.Policy}' is broken and refused; the server needs a newer one");
        else if (!Policies.Contains(config.Policy))
            yield return ("policy", $"there is no policy '{config.Policy}'"
                + NearestName.Hint(config.Policy, Policies, "there are"));
        if (config.Password is not null && config.User is null)
            yield return ("password", "a password needs a 'user'");
        foreach (var place in config.Discover)
        {
            if (!OpcUaAddress.TryParseWildcard(place, out _, out _, out var problem))
                yield return ("discover", problem);
        }

        if (config.Discover.Count > 0 != config.Discovered is not null)
            yield return ("discovered", "'discover' says where to look and 'discovered' which file gets what is found; "
                + "they come together");
    }

    /// <summary>Finds what is wrong with a tag.</summary>
    public static IEnumerable<(string Key, string Message)> CheckTag(SourceConfig source, TagConfig tag)
    {
        if (!OpcUaAddress.TryParse(tag.Address, out _, out var problem)) yield return ("address", problem);
        if (tag.Length is not null)
            yield return ("length", "an OPC UA text brings its own length; remove 'length'");
        if (tag.WordOrder != default || tag.ByteOrder != default || tag.Coding != default)
            yield return ("address", "'wordOrder', 'byteOrder' and 'coding' are for registers; an OPC UA value brings "
                + "its own type");
    }
}
