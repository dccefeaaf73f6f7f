using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EdgeTwin.Configuration;

/// <summary>
/// YAML to a tree with positions. Anchors, aliases and tags are refused on purpose: a configuration says what it means
/// where it is read, and an alias can make a small file enormous. Long tag lists go into CSV files instead.
/// </summary>
internal sealed class ConfigTreeReader
{
    private const int MaxDepth = 16;

    private readonly string file;
    private readonly string text;
    private readonly ConfigErrors errors;
    private readonly Parser parser;

    private ConfigTreeReader(string file, string text, ConfigErrors errors)
    {
        (this.file, this.text, this.errors) = (file, text, errors);
        parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>The tree; null, with errors, when the text is not YAML of the shape that a configuration has.</summary>
    public static ConfigMap? Read(string file, string text, ConfigErrors errors)
    {
        var before = errors.Count;
        var reader = new ConfigTreeReader(file, text, errors);
        try
        {
            var root = reader.ReadDocument();
            return errors.Count == before ? root : null;
        }
        catch (YamlException failure)
        {
            errors.Add(YamlSyntaxHint.Describe(file, text, failure));
        }
        // The parser is known to leak these for text that ends inside a token.
        catch (Exception failure) when (
            failure is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            errors.Add(reader.Here(), "this is not valid YAML; the text may end inside a quote or a bracket");
        }

        return null;
    }

    private ConfigMap? ReadDocument()
    {
        Next<StreamStart>();
        if (Current() is StreamEnd)
        {
            errors.Add(new ConfigPosition(file, 1, 1),
                "the file is empty; the shortest configuration has the sections 'gateway' and 'asset'");
            return null;
        }

        Next<DocumentStart>();
        var root = ReadNode(0);
        Next<DocumentEnd>();
        if (Current() is not StreamEnd)
            errors.Add(PositionOf(Current().Start),
                "a second document begins here; a file holds one configuration, so remove the '---'");
        if (root is ConfigScalar { IsAbsent: true } or ConfigScalar { IsNull: true })
            errors.Add(new ConfigPosition(file, 1, 1),
                "the file is empty; the shortest configuration has the sections 'gateway' and 'asset'");
        else if (root is not null and not ConfigMap)
            errors.Add(root.Position,
                $"the file must consist of sections such as 'gateway:' and 'asset:', not of {root.Shown}");
        return root as ConfigMap;
    }

    private ConfigNode? ReadNode(int depth)
    {
        var current = Current();
        if (current is NodeEvent node)
            RefuseSharing(node);
        switch (current)
        {
            case Scalar scalar:
                parser.MoveNext();
                return ToScalar(scalar);
            case AnchorAlias alias:
                errors.Add(
                    PositionOf(alias.Start), $"'*{alias.Value}': aliases are not supported; write the value out");
                parser.MoveNext();
                return null;
            default:
                if (depth >= MaxDepth)
                {
                    errors.Add(PositionOf(current.Start),
                        $"nested more than {MaxDepth} levels deep; no key of a configuration lies so deep");
                    parser.SkipThisAndNestedEvents();
                    return null;
                }

                return current is SequenceStart ? ReadList(depth) : ReadMap(depth);
        }
    }

    private ConfigList ReadList(int depth)
    {
        var start = Next<SequenceStart>();
        var items = new List<ConfigNode>();
        while (Current() is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is { } item)
                items.Add(item);
        }

        parser.MoveNext();
        return new ConfigList(PositionOf(start.Start), items);
    }

    private ConfigMap ReadMap(int depth)
    {
        var start = Next<MappingStart>();
        var entries = new List<KeyValuePair<ConfigScalar, ConfigNode>>();
        while (Current() is not MappingEnd)
        {
            var at = Current().Start;
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is ConfigScalar name && value is not null)
                entries.Add(new(name, value));
            else if (key is not null and not ConfigScalar)
                errors.Add(PositionOf(at),
                    $"a key must be a name, not {key.Shown}; text that begins with a bracket needs quotes");
        }

        parser.MoveNext();
        return new ConfigMap(PositionOf(start.Start), entries);
    }

    private ConfigScalar ToScalar(Scalar scalar)
    {
        // A plain or quoted text on one line without escapes needs no copy of the source for positions inside it.
        var quoted = scalar.Style != ScalarStyle.Plain;
        var (from, to) = ((int)scalar.Start.Index, (int)scalar.End.Index);
        var asWritten = !quoted && to - from == scalar.Value.Length;
        var source = asWritten || from >= to || to > text.Length ? null : text[from..to];
        return new ConfigScalar(PositionOf(scalar.Start), scalar.Value, quoted, source);
    }

    private void RefuseSharing(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
            errors.Add(
                PositionOf(node.Start),
                $"'&{node.Anchor.Value}': anchors are not supported; long tag lists go into a CSV file under "
                + "'tagFiles'");
        if (!node.Tag.IsEmpty)
            errors.Add(PositionOf(node.Start),
                $"'{node.Tag.Value}': YAML tags are not supported; the key says what type its value has");
    }

    private ParsingEvent Current()
    {
        if (parser.Current is null && !parser.MoveNext())
            throw new SemanticErrorException("the text ends too early");
        return parser.Current!;
    }

    private T Next<T>()
        where T : ParsingEvent
    {
        var current = Current() as T
            ?? throw new SemanticErrorException(Current().Start, Current().End, "this is not valid YAML");
        parser.MoveNext();
        return current;
    }

    private ConfigPosition Here() =>
        parser.Current is { } current ? PositionOf(current.Start) : new ConfigPosition(file, 1, 1);

    private ConfigPosition PositionOf(Mark mark) => new(file, (int)mark.Line, (int)mark.Column);
}
