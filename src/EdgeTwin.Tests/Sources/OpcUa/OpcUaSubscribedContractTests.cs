using EdgeTwin.Sources.OpcUa;

namespace EdgeTwin.Tests.Sources.OpcUa;

public sealed class OpcUaSubscribedContractTests : OpcUaSourceContract
{
    private protected override OpcUaReading Reading => OpcUaReading.Subscribe;

    private protected override bool IsTold => true;
}
