using System.Text;

namespace EdgeTwin.Mqtt.Sparkplug;

/// <summary>The topics of one edge node (§4.1): <c>spBv1.0/group/TYPE/node[/device]</c>.</summary>
internal sealed class SparkplugTopics
{
    private const string Namespace = SparkplugTopic.Namespace;
    private readonly string deviceCommandPrefix;

    public SparkplugTopics(SparkplugEdgeNodeOptions options)
    {
        NodeBirth = Bytes(Topic("NBIRTH"));
        NodeDeath = Topic("NDEATH");
        NodeDeathBytes = Bytes(NodeDeath);
        NodeData = Bytes(Topic("NDATA"));
        NodeCommand = Topic("NCMD");
        deviceCommandPrefix = Topic("DCMD") + "/";
        DeviceCommands = deviceCommandPrefix + "+";
        HostState = options.PrimaryHostId is { } host ? $"{Namespace}/STATE/{host}" : null;
        DeviceBirth = [.. options.Devices.Select(device => Bytes($"{Topic("DBIRTH")}/{device}"))];
        DeviceDeath = [.. options.Devices.Select(device => Bytes($"{Topic("DDEATH")}/{device}"))];
        DeviceData = [.. options.Devices.Select(device => Bytes($"{Topic("DDATA")}/{device}"))];

        string Topic(string type) => $"{Namespace}/{options.GroupId}/{type}/{options.NodeId}";
    }

    public byte[] NodeBirth { get; }

    public string NodeDeath { get; }

    public byte[] NodeDeathBytes { get; }

    public byte[] NodeData { get; }

    public string NodeCommand { get; }

    public string DeviceCommands { get; }

    public string? HostState { get; }

    public byte[][] DeviceBirth { get; }

    public byte[][] DeviceDeath { get; }

    public byte[][] DeviceData { get; }

    /// <summary>The device that a command is for; null when the topic is none for a device of this node.</summary>
    public string? CommandedDevice(string topic) =>
        topic.StartsWith(deviceCommandPrefix, StringComparison.Ordinal) ? topic[deviceCommandPrefix.Length..] : null;

    private static byte[] Bytes(string topic) => Encoding.UTF8.GetBytes(topic);
}
