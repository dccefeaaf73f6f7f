using System.Text;
using System.Text.RegularExpressions;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>A payload in a house style: text with places to fill in. A brace that is not around a word is text, so that
/// JSON needs no escapes.</summary>
internal sealed partial class PayloadTemplate
{
    private static readonly string[] Names =
    [
        "value", "time", "received", "unix", "tag", "unit", "quality", "status", "epoch", "seq", "asset.path",
        "gateway.id",
    ];

    private readonly (byte[] Text, string Name)[] pieces;

    private PayloadTemplate((byte[] Text, string Name)[] pieces) => this.pieces = pieces;

    /// <summary>Each a text and the name of what follows it; the name is empty at the end.</summary>
    public ReadOnlySpan<(byte[] Text, string Name)> Pieces => pieces;

    /// <summary>Takes a template apart; a problem says what is wrong with it.</summary>
    public static PayloadTemplate Parse(string template, out string? problem)
    {
        problem = template.Length == 0 ? "the payload is empty; remove the key for the usual one" : null;
        var found = new List<(byte[], string)>();
        var at = 0;
        foreach (Match match in Placeholder().Matches(template))
        {
            var name = match.Value[1..^1];
            if (!Names.Contains(name))
                problem ??= $"the payload has '{match.Value}'{NearestName.Hint(name, Names, "known are")}";
            found.Add((Encoding.UTF8.GetBytes(template[at..match.Index]), name));
            at = match.Index + match.Length;
        }

        found.Add((Encoding.UTF8.GetBytes(template[at..]), ""));
        return new PayloadTemplate([.. found]);
    }

    [GeneratedRegex(@"\{[A-Za-z][A-Za-z0-9_.]*\}", RegexOptions.None, 1000)]
    private static partial Regex Placeholder();
}
