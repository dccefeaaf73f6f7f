using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Services;

/// <summary>A service that fails as a whole.</summary>
internal static class Failure
{
    public static async Task IsAsync(uint status, Func<Task> call) =>
        Assert.Equal(new StatusCode(status), (await Assert.ThrowsAsync<OpcUaException>(call)).Status);
}
