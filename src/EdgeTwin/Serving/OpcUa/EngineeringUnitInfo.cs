using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tags;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>Units as OPC UA clients know them: UN/ECE common codes as numbers (OPC 10000-8 §5.6.4.3).</summary>
internal static class EngineeringUnitInfo
{
    private const string UnitsEngineering = "http://www.opcfoundation.org/UA/units/un/cefact";

    /// <summary>The unit with its symbol; id -1 where UN/ECE has no code for it.</summary>
    public static EUInformation Of(EngineeringUnit unit) => new()
    {
        NamespaceUri = UnitsEngineering,
        UnitId = unit.UneceCode is { } code ? IdOf(code) : -1,
        DisplayName = new LocalizedText(null, unit.Symbol),
        Description = new LocalizedText(null, unit.UneceCode is { } known ? $"UN/ECE {known}" : unit.Symbol),
    };

    /// <summary>The characters of a code as the bytes of a number, the first one highest: <c>CEL</c> is
    /// 4408652.</summary>
    public static int IdOf(string code)
    {
        var id = 0;
        foreach (var character in code) id = id << 8 | character & 0xFF;
        return id;
    }
}
