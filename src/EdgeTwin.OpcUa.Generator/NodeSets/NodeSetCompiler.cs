using System.IO.Compression;
using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.NodeSets.Xml;

namespace EdgeTwin.OpcUa.Generator.NodeSets;

/// <summary>Makes the compact form of NodeSet2 files.</summary>
internal sealed class NodeSetCompiler
{
    private readonly List<string> uris = ["http://opcfoundation.org/UA/"];
    private readonly List<NodeSet> sets = [];

    /// <summary>Reads a file, which may build on those read before.</summary>
    /// <returns>The compact form, compressed.</returns>
    public byte[] Compile(string path)
    {
        using var stream = File.OpenRead(path);
        var set = NodeSetXml.Read(stream, new NodeSetXmlOptions
        {
            Name = Path.GetFileName(path),
            NamespaceIndex = IndexOf,
            Required = sets,
        });
        sets.Add(set);
        var compact = CompactWriter.Write(set, uris);
        using var compressed = new MemoryStream();
        compressed.Write(BitConverter.GetBytes(compact.Length));
        using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            brotli.Write(compact);
        return compressed.ToArray();
    }

    private ushort IndexOf(string uri)
    {
        if (!uris.Contains(uri)) uris.Add(uri);
        return (ushort)uris.IndexOf(uri);
    }
}
