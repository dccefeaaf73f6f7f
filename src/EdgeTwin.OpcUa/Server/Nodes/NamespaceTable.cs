namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>The server's namespaces: their URIs by index (OPC 10000-5 §6.3.1, NamespaceArray). Entries are only ever
/// added.</summary>
public sealed class NamespaceTable
{
    /// <summary>URI of namespace 0.</summary>
    public const string OpcUa = "http://opcfoundation.org/UA/";

    private readonly Lock gate = new();
    private string[] uris = [OpcUa];

    /// <summary>Number of namespaces.</summary>
    public int Count => Volatile.Read(ref uris).Length;

    /// <summary>The URIs by index, as they are now. Not to be changed.</summary>
    public string[] Uris => Volatile.Read(ref uris);

    /// <summary>The index of a URI; -1 when the server does not have it.</summary>
    public int IndexOf(string uri) => Array.IndexOf(Uris, uri);

    /// <summary>The index of a URI, which gets the next one when it is new.</summary>
    /// <exception cref="ArgumentException">The URI is empty, or there are 65,535 of them.</exception>
    public ushort Add(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        lock (gate)
        {
            var index = Array.IndexOf(uris, uri);
            if (index >= 0)
            {
                return (ushort)index;
            }

            if (uris.Length >= ushort.MaxValue)
            {
                throw new ArgumentException($"there is no index left for namespace '{uri}'", nameof(uri));
            }

            Volatile.Write(ref uris, [.. uris, uri]);
            return (ushort)(uris.Length - 1);
        }
    }
}
