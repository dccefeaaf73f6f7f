using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tests.OpcUa.Nodes;

namespace EdgeTwin.Tests.OpcUa.Services;

/// <summary>Browse and BrowseNext, OPC 10000-4 §5.9.2 and §5.9.3.</summary>
public class BrowseTests
{
    private const uint All = 63;

    [Fact]
    public async Task A_folder_lists_its_children_with_everything_that_was_asked_for()
    {
        using var f = new SpaceFixture();
        var folder = f.Folder("line");
        f.Variable("flow", NodeIds.Double, 1.0, parent: folder.Id);

        var result = await BrowseAsync(f, new BrowseDescription
        {
            NodeId = folder.Id,
            ReferenceTypeId = NodeIds.HierarchicalReferences,
            IncludeSubtypes = true,
            ResultMask = All,
        });

        var child = Assert.Single(result.References);
        Assert.Equal(f.Id("flow"), child.NodeId.NodeId);
        Assert.Equal((NodeIds.HasComponent, true), (child.ReferenceTypeId.Number, child.IsForward));
        Assert.Equal((new QualifiedName(f.Own, "flow"), "flow"), (child.BrowseName, child.DisplayName.Text));
        Assert.Equal((NodeClass.Variable, NodeIds.BaseDataVariableType),
            (child.NodeClass, child.TypeDefinition.NodeId.Number));
        Assert.Null(result.ContinuationPoint);
    }

    [Fact]
    public async Task What_the_result_mask_leaves_out_is_empty()
    {
        using var f = new SpaceFixture();

        var result = await BrowseAsync(f, new BrowseDescription { NodeId = NodeIds.RootFolder });

        Assert.NotEmpty(result.References);
        Assert.All(result.References, static r => Assert.True(r is
        {
            ReferenceTypeId.IsNull: true, IsForward: false, NodeId.IsNull: false, BrowseName.IsNull: true,
            DisplayName.Text: null, NodeClass: NodeClass.Unspecified, TypeDefinition.IsNull: true,
        }));
    }

    [Theory]
    [InlineData(BrowseDirection.Forward, 0u, false, 0u, 3)] // the type and two children
    [InlineData(BrowseDirection.Inverse, 0u, false, 0u, 1)]
    [InlineData(BrowseDirection.Both, 0u, false, 0u, 4)]
    [InlineData(BrowseDirection.Forward, NodeIds.HierarchicalReferences, true, 0u, 2)]
    [InlineData(BrowseDirection.Forward, NodeIds.HierarchicalReferences, false, 0u, 0)]
    [InlineData(BrowseDirection.Forward, NodeIds.HasComponent, false, 0u, 1)]
    [InlineData(BrowseDirection.Both, 0u, false, (uint)NodeClass.Variable, 1)]
    [InlineData(BrowseDirection.Both, 0u, false, (uint)(NodeClass.Variable | NodeClass.ObjectType), 2)]
    public async Task Direction_type_and_class_choose_the_references(
        BrowseDirection direction, uint type, bool subtypes, uint classes, int expected)
    {
        using var f = new SpaceFixture();
        var folder = f.Folder("line");
        f.Folder("cell", folder.Id);
        f.Variable("flow", NodeIds.Double, 1.0, parent: folder.Id);

        var result = await BrowseAsync(f, new BrowseDescription
        {
            NodeId = folder.Id,
            BrowseDirection = direction,
            ReferenceTypeId = type,
            IncludeSubtypes = subtypes,
            NodeClassMask = classes,
        });

        Assert.Equal(expected, result.References.Length);
    }

    [Theory]
    [InlineData("i=999999", BrowseDirection.Forward, 33u, StatusCodes.BadNodeIdUnknown)]
    [InlineData("i=84", (BrowseDirection)3, 33u, StatusCodes.BadBrowseDirectionInvalid)]
    [InlineData("i=84", (BrowseDirection)(-1), 33u, StatusCodes.BadBrowseDirectionInvalid)]
    [InlineData("i=84", BrowseDirection.Forward, 58u, StatusCodes.BadReferenceTypeIdInvalid)]
    [InlineData("i=84", BrowseDirection.Forward, 999999u, StatusCodes.BadReferenceTypeIdInvalid)]
    public async Task What_cannot_be_browsed_says_why(string node, BrowseDirection direction, uint type, uint status)
    {
        using var f = new SpaceFixture();

        var result = await BrowseAsync(f, new BrowseDescription
        { NodeId = NodeId.Parse(node), BrowseDirection = direction, ReferenceTypeId = type });

        Assert.Equal(new StatusCode(status), result.StatusCode);
        Assert.Empty(result.References);
    }

    [Fact]
    public async Task A_long_list_comes_in_pieces_that_join_without_gap_though_the_folder_changes_meanwhile()
    {
        using var f = new SpaceFixture();
        var service = new ViewService(f.Space, f.Limits);
        var caller = new ServiceCaller();
        var folder = f.Folder("line");
        for (var i = 0; i < 100; i++)
        {
            f.Variable($"v{i}", NodeIds.Double, 1.0, parent: folder.Id);
        }

        var result = await BrowseAsync(f, Children(folder.Id), caller, most: 7);
        f.Space.Remove(f.Id("v3"));
        var names = result.References.Select(static r => r.BrowseName.Name).ToList();
        while (result.ContinuationPoint is not null)
        {
            Assert.Equal(7, result.References.Length);
            result = await NextAsync(service, caller, result.ContinuationPoint);
            names.AddRange(result.References.Select(static r => r.BrowseName.Name));
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(static i => $"v{i}"), names);
    }

    [Fact]
    public async Task A_continuation_point_is_good_once_and_for_its_session_only()
    {
        using var f = new SpaceFixture();
        var service = new ViewService(f.Space, f.Limits);
        var (owner, other) = (new ServiceCaller(), new ServiceCaller());
        var point = (await BrowseAsync(f, Children(NodeIds.RootFolder), owner, most: 1)).ContinuationPoint!;

        Assert.Equal(StatusCodes.BadContinuationPointInvalid,
            (await NextAsync(service, other, point)).StatusCode.Value);
        Assert.True((await NextAsync(service, owner, point)).StatusCode.IsGood);
        Assert.Equal(StatusCodes.BadContinuationPointInvalid,
            (await NextAsync(service, owner, point)).StatusCode.Value);
        Assert.Equal(StatusCodes.BadContinuationPointInvalid, (await NextAsync(service, owner, null)).StatusCode.Value);
        Assert.Equal(StatusCodes.BadContinuationPointInvalid,
            (await NextAsync(service, owner, new byte[5000])).StatusCode.Value);
    }

    [Fact]
    public async Task Continuation_points_are_limited_and_come_back_when_released()
    {
        using var f = new SpaceFixture(new() { MaxBrowseContinuationPoints = 2 });
        var service = new ViewService(f.Space, f.Limits);
        var caller = new ServiceCaller();
        var first = await BrowseAsync(f, Children(NodeIds.RootFolder), caller, most: 1);
        await BrowseAsync(f, Children(NodeIds.RootFolder), caller, most: 1);

        var refused = await BrowseAsync(f, Children(NodeIds.RootFolder), caller, most: 1);
        Assert.Equal(StatusCodes.BadNoContinuationPoints, refused.StatusCode.Value);
        Assert.Empty(refused.References);

        var released = await caller.CallAsync<BrowseNextRequest, BrowseNextResponse>(service.BrowseNext,
            new BrowseNextRequest { ReleaseContinuationPoints = true, ContinuationPoints = [first.ContinuationPoint] });
        Assert.Empty(released.Results);
        Assert.NotNull((await BrowseAsync(f, Children(NodeIds.RootFolder), caller, most: 1)).ContinuationPoint);
    }

    [Fact]
    public async Task A_folder_that_does_not_fit_into_the_response_goes_on_behind_a_continuation_point()
    {
        using var f = new SpaceFixture();
        var folder = f.Folder("line");
        for (var i = 0; i < 2000; i++)
        {
            f.Variable($"v{i}", NodeIds.Double, 1.0, parent: folder.Id);
        }

        var small = new ServiceCaller { MaxResponse = 64 * 1024 };
        var result = await BrowseAsync(f, Children(folder.Id), small);

        Assert.NotNull(result.ContinuationPoint);
        Assert.InRange(result.References.Length, 100, 1999);
    }

    [Fact]
    public async Task A_view_shows_only_what_is_in_it()
    {
        using var f = new SpaceFixture();
        var folder = f.Folder("line");
        var inside = f.Variable("inside", NodeIds.Double, 1.0, parent: folder.Id);
        var view = f.Space.Add(new ViewNode(f.Id("view"), "view"), NodeIds.ViewsFolder, NodeIds.Organizes);
        f.Space.AddReference(view.Id, NodeIds.Organizes, inside.Id);

        var below = await BrowseAsync(f, Children(view.Id), view: view.Id);
        var outside = await BrowseAsync(f, Children(folder.Id), view: view.Id);

        Assert.Equal(inside.Id, Assert.Single(below.References).NodeId.NodeId);
        Assert.Equal(StatusCodes.BadNodeIdUnknown, outside.StatusCode.Value);
        await Failure.IsAsync(StatusCodes.BadViewIdUnknown, () => BrowseAsync(f, Children(folder.Id), view: folder.Id));
    }

    [Fact]
    public async Task Who_may_not_browse_a_node_does_not_see_it()
    {
        using var f = new SpaceFixture();
        var folder = f.Folder("line");
        f.Variable("secret", NodeIds.Double, 1.0, parent: folder.Id).RolePermissions =
            [new() { RoleId = NodeIds.WellKnownRole_Engineer, Permissions = PermissionType.Browse }];

        Assert.Empty((await BrowseAsync(f, Children(folder.Id))).References);
        Assert.Single((await BrowseAsync(f, Children(folder.Id), new ServiceCaller(Roles.Engineer))).References);
    }

    [Fact]
    public async Task No_and_too_many_nodes_are_refused_as_a_whole()
    {
        using var f = new SpaceFixture(new() { MaxNodesPerBrowse = 1 });
        var service = new ViewService(f.Space, f.Limits);
        var one = Children(NodeIds.RootFolder);

        await Failure.IsAsync(StatusCodes.BadNothingToDo, () => new ServiceCaller()
            .CallAsync<BrowseRequest, BrowseResponse>(service.Browse, new BrowseRequest()));
        await Failure.IsAsync(StatusCodes.BadTooManyOperations, () => new ServiceCaller()
            .CallAsync<BrowseRequest, BrowseResponse>(
                service.Browse, new BrowseRequest { NodesToBrowse = [one, one] }));
        await Failure.IsAsync(StatusCodes.BadNothingToDo, () => new ServiceCaller()
            .CallAsync<BrowseNextRequest, BrowseNextResponse>(service.BrowseNext, new BrowseNextRequest()));
    }

    private static BrowseDescription Children(NodeId node) => new()
    { NodeId = node, ReferenceTypeId = NodeIds.HierarchicalReferences, IncludeSubtypes = true, ResultMask = All };

    private static async Task<BrowseResult> BrowseAsync(SpaceFixture f, BrowseDescription what,
        ServiceCaller? caller = null, uint most = 0, NodeId view = default)
    {
        var request = new BrowseRequest
        {
            View = new ViewDescription { ViewId = view },
            RequestedMaxReferencesPerNode = most,
            NodesToBrowse = [what],
        };
        var response = await (caller ?? new ServiceCaller()).CallAsync<BrowseRequest, BrowseResponse>(
            new ViewService(f.Space, f.Limits).Browse, request);
        return Assert.Single(response.Results);
    }

    private static async Task<BrowseResult> NextAsync(ViewService service, ServiceCaller caller, byte[]? point)
    {
        var response = await caller.CallAsync<BrowseNextRequest, BrowseNextResponse>(
            service.BrowseNext, new BrowseNextRequest { ContinuationPoints = [point] });
        return Assert.Single(response.Results);
    }
}
