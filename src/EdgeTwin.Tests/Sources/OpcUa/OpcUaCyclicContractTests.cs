using EdgeTwin.Sources.OpcUa;

namespace EdgeTwin.Tests.Sources.OpcUa;

public sealed class OpcUaCyclicContractTests : OpcUaSourceContract
{
    private protected override OpcUaReading Reading => OpcUaReading.Cyclic;
}
