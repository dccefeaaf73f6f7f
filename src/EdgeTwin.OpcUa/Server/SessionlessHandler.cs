using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server;

/// <summary>A service without a session: discovery, and CreateSession. Fails by <see cref="OpcUaException"/>.</summary>
internal delegate IServiceResponse SessionlessHandler(IServiceRequest request, IServerConnection connection);
