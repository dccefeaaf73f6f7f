namespace EdgeTwin.Sources.OpcUa;

/// <summary>The OPC UA driver: told of changes, or asking each scan.</summary>
internal static class OpcUaSource
{
    /// <summary>The line in the catalog.</summary>
    public static SourceDriver Driver { get; } =
        new("opcua", typeof(OpcUaSourceConfig), Create, OpcUaSourceCheck.CheckTag);

    private static ISource Create(SourceContext context) =>
        ((OpcUaSourceConfig)context.Config).Reading == OpcUaReading.Cyclic
            ? new OpcUaCyclicSource(context)
            : new OpcUaSubscribedSource(context);
}
