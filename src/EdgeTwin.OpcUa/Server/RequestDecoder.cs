using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server;

/// <summary>Decodes a whole request, its header included.</summary>
internal delegate IServiceRequest RequestDecoder(ref UaReader reader);
