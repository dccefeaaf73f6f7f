using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdgeTwin.Configuration;

/// <summary>Summaries from the XML documentation that the compiler writes beside the assembly.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, string> summaries;

    private XmlDocs(Dictionary<string, string> summaries) => this.summaries = summaries;

    /// <summary>Documentation of an assembly.</summary>
    /// <exception cref="FileNotFoundException">The build was told not to write it
    /// (GenerateDocumentationFile).</exception>
    public static XmlDocs Of(Assembly assembly)
    {
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        if (!File.Exists(path))
            throw new FileNotFoundException($"'{path}' is not there; build with GenerateDocumentationFile", path);
        var members = XDocument.Load(path).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Plain(member.Element("summary")!));
        return new XmlDocs(members);
    }

    public string? Summary(Type type) => summaries.GetValueOrDefault($"T:{Name(type)}");

    public string? Summary(MemberInfo member) =>
        summaries.GetValueOrDefault($"{(member is FieldInfo ? 'F' : 'P')}:{Name(member.DeclaringType!)}.{member.Name}");

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static string Plain(XElement summary)
    {
        foreach (
            var reference in summary.Descendants().Where(element => element.Attribute("cref") is not null).ToList())
            reference.ReplaceWith(reference.Attribute("cref")!.Value.Split('.', ':')[^1]);
        return Spaces().Replace(summary.Value, " ").Trim();
    }

    [GeneratedRegex("\\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
