using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.OpcUa.Nodes;

namespace EdgeTwin.Tests.OpcUa.Services;

/// <summary>TranslateBrowsePathsToNodeIds, OPC 10000-4 §5.9.4.</summary>
public class PathTests
{
    [Fact]
    public async Task A_path_leads_to_its_node()
    {
        using var f = new SpaceFixture();

        var result =
            await TranslateAsync(f, NodeIds.ObjectsFolder, Step("Server"), Step("ServerStatus"), Step("State"));

        var target = Assert.Single(result.Targets);
        Assert.Equal(NodeIds.Server_ServerStatus_State, target.TargetId.NodeId.Number);
        Assert.Equal(uint.MaxValue, target.RemainingPathIndex);
    }

    [Fact]
    public async Task A_path_may_go_back_and_to_several_nodes()
    {
        using var f = new SpaceFixture();
        var (a, b) = (f.Folder("a"), f.Folder("b"));
        f.Variable("1", NodeIds.Double, 1.0, parent: a.Id);
        var folder = f.Folder("c", a.Id);
        f.Space.AddReference(b.Id, NodeIds.Organizes, folder.Id);
        var back = new RelativePathElement { IsInverse = true, TargetName = "Objects" };

        Assert.Single((await TranslateAsync(f, a.Id, back, Step("Server"))).Targets);
        Assert.Equal(StatusCodes.BadNoMatch, (await TranslateAsync(f, a.Id, Step("Objects"))).StatusCode.Value);
    }

    [Fact]
    public async Task What_leads_nowhere_says_why()
    {
        using var f = new SpaceFixture();
        NodeId root = NodeIds.RootFolder;

        Assert.Equal(StatusCodes.BadNodeIdUnknown, (await TranslateAsync(f, 999_999u, Step("x"))).StatusCode.Value);
        Assert.Equal(StatusCodes.BadNothingToDo, (await TranslateAsync(f, root)).StatusCode.Value);
        Assert.Equal(StatusCodes.BadNoMatch, (await TranslateAsync(f, root, Step("x"))).StatusCode.Value);
        Assert.Equal(StatusCodes.BadBrowseNameInvalid, (await TranslateAsync(f, root, Step(null))).StatusCode.Value);
        Assert.Equal(StatusCodes.BadNoMatch, (await TranslateAsync(f, root,
            new RelativePathElement
            {
                ReferenceTypeId = NodeIds.BaseObjectType,
                TargetName = "Objects"
            })).StatusCode.Value);
    }

    // UA-.NETStandard 2.0-dev died of a path of 20,000 elements: hostile-inputs, hl.long-path.
    [Fact]
    public async Task A_path_of_20000_elements_in_a_circle_is_refused_at_once()
    {
        using var f = new SpaceFixture();
        var a = f.Folder("a");
        f.Space.AddReference(a.Id, NodeIds.Organizes, a.Id);

        var result = await TranslateAsync(f, a.Id, [.. Enumerable.Repeat(Step("a", f.Own), 20_000)]);

        Assert.Equal(StatusCodes.BadTooManyOperations, result.StatusCode.Value);
        Assert.Single((await TranslateAsync(f, a.Id, [.. Enumerable.Repeat(Step("a", f.Own), 100)])).Targets);
    }

    [Fact]
    public async Task A_path_to_more_nodes_than_the_limit_is_refused()
    {
        using var f = new SpaceFixture(new() { MaxBrowsePathTargets = 10 });
        var folder = f.Folder("line");
        for (var i = 0; i < 11; i++)
        {
            var name = new QualifiedName(f.Own, "same");
            f.Space.Add(new EdgeTwin.OpcUa.Server.Nodes.ObjectNode(f.Id($"n{i}"), name), folder.Id, NodeIds.Organizes);
        }

        var result = await TranslateAsync(f, folder.Id, Step("same", f.Own));

        Assert.Equal(StatusCodes.BadTooManyMatches, result.StatusCode.Value);
    }

    private static RelativePathElement Step(string? name, ushort ns = 0) => new()
    {
        ReferenceTypeId = NodeIds.HierarchicalReferences,
        IncludeSubtypes = true,
        TargetName = new QualifiedName(ns, name),
    };

    private static async Task<BrowsePathResult> TranslateAsync(
        SpaceFixture f, NodeId start, params RelativePathElement[] path)
    {
        var request = new TranslateBrowsePathsToNodeIdsRequest
        {
            BrowsePaths = [new() { StartingNode = start, RelativePath = new RelativePath { Elements = path } }],
        };
        var response = (TranslateBrowsePathsToNodeIdsResponse)await new PathService(f.Space, f.Limits)
            .TranslateAsync(request, new ServiceCaller().Context());
        return Assert.Single(response.Results);
    }
}
