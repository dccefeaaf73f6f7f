using System.Xml;
using System.Xml.Linq;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>Loads XML of others: no DTD, limits on length, nesting and number of elements.</summary>
internal static class GuardedXml
{
    private const int MostBytesOfACharacter = 4;

    /// <summary>The root element, with the lines of everything in it.</summary>
    /// <exception cref="InvalidDataException">No XML, or beyond the limits; the message says where.</exception>
    public static XElement Load(Stream stream, string name, long maxCharacters, int maxElements, int maxDepth)
    {
        using var copy = new MemoryStream();
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = maxCharacters,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            Copy(stream, copy, name, maxCharacters);
            using (var reader = XmlReader.Create(copy, settings)) CheckSize(reader, name, maxElements, maxDepth);
            copy.Position = 0;
            using (var reader = XmlReader.Create(copy, settings))
                return XDocument.Load(reader, LoadOptions.SetLineInfo).Root!;
        }
        catch (XmlException e)
        {
            throw new InvalidDataException($"{name}:{e.LineNumber}:{e.LinePosition}: {e.Message}", e);
        }
    }

    private static void Copy(Stream stream, MemoryStream copy, string name, long maxCharacters)
    {
        var part = new byte[81_920];
        for (int count; (count = stream.Read(part)) > 0;)
        {
            if (copy.Length + count > maxCharacters * MostBytesOfACharacter)
                throw new InvalidDataException($"{name}: longer than {maxCharacters} characters");
            copy.Write(part, 0, count);
        }

        copy.Position = 0;
    }

    // Before anything is built: an element takes a hundred times the memory of its four bytes.
    private static void CheckSize(XmlReader reader, string name, int maxElements, int maxDepth)
    {
        var count = 0;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (reader.Depth >= maxDepth) throw TooMuch($"the nesting is deeper than {maxDepth}");
            count += 1 + reader.AttributeCount;
            if (count > maxElements) throw TooMuch($"more than {maxElements} elements and attributes");
        }

        InvalidDataException TooMuch(string what)
        {
            var line = (IXmlLineInfo)reader;
            return new InvalidDataException($"{name}:{line.LineNumber}:{line.LinePosition}: {what}");
        }
    }
}
