using EdgeTwin.OpcUa.Client.Services;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.Tests.OpcUa.Client;

/// <summary>Long lists in requests that the server takes.</summary>
public sealed class BatchTests
{
    [Fact]
    public async Task Operations_are_split_and_halved_where_the_server_finds_them_too_many()
    {
        var sizes = new List<int>();
        var results = await Batch.RunAsync([.. Enumerable.Range(0, 100)], 40, part =>
        {
            sizes.Add(part.Length);
            return part.Length > 12
                ? throw new OpcUaException(StatusCodes.BadResponseTooLarge, "too large")
                : Task.FromResult(part);
        });
        Assert.Equal(Enumerable.Range(0, 100), results);
        Assert.Equal([40, 20, 10, 10], sizes[..4]);
    }

    [Fact]
    public async Task One_operation_that_is_too_large_alone_is_an_error_and_no_endless_loop() =>
        await Assert.ThrowsAsync<OpcUaException>(() => Batch.RunAsync<int, int>(
            [1], 1, static _ => throw new OpcUaException(StatusCodes.BadResponseTooLarge, "too large")));

    [Fact]
    public async Task Another_number_of_results_is_refused()
    {
        var refused = await Assert.ThrowsAsync<OpcUaException>(
            () => Batch.RunAsync([1, 2], 2, static _ => Task.FromResult(new[] { 1 })));
        Assert.Equal(StatusCodes.BadUnknownResponse, refused.Status.Value);
    }
}
