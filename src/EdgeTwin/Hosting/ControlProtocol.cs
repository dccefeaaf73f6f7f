using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeTwin.Hosting;

/// <summary>
/// How a command line talks to the gateway that runs: a Unix domain socket in the data folder, one request and one
/// reply
/// per connection, each one line of JSON in UTF-8 with '\n' behind it.
/// <code>
/// request   {"verb":"status","arguments":{…}}
/// reply     {"ok":true,"result":…}   or   {"ok":false,"error":"what is wrong and what to do"}
/// </code>
/// </summary>
internal static class ControlProtocol
{
    /// <summary>Name of the socket inside the data folder.</summary>
    public const string SocketName = "edgetwin.sock";

    /// <summary>Longest request line.</summary>
    public const int LongestRequestBytes = 64 * 1024;

    /// <summary>Longest reply line: a status with tens of thousands of tags fits.</summary>
    public const int LongestReplyBytes = 32 * 1024 * 1024;

    /// <summary>How requests and replies are written: camelCase, enumerations by name, NaN and infinities by
    /// name.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        MaxDepth = 32,
    };
}
