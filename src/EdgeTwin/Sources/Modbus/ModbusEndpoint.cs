using System.Globalization;
using System.Text.RegularExpressions;
using EdgeTwin.Modbus;

namespace EdgeTwin.Sources.Modbus;

/// <summary>Host and port of a device.</summary>
internal readonly partial record struct ModbusEndpoint(string Host, int Port)
{
    /// <summary>Host name, IPv4 address or IPv6 address in brackets, and a port of 1-65535 where it is not
    /// 502.</summary>
    public const string Pattern = @"(\[[0-9A-Fa-f:.]+(%\w+)?\]|[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)"
        + "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?";

    /// <summary>Reads <c>host</c> or <c>host:port</c>.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static ModbusEndpoint Parse(string text)
    {
        if (!Whole().IsMatch(text)) throw new ArgumentException($"'{text}' is not host or host:port", nameof(text));
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']') && colon > 0;
        var host = (hasPort ? text[..colon] : text).Trim('[', ']');
        return new(host, hasPort ? int.Parse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture)
            : ModbusClient.DefaultPort);
    }

    [GeneratedRegex($"^{Pattern}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();
}
