using EdgeTwin.Assets;

namespace EdgeTwin.Tests.Configuration;

public class AssetPathTests
{
    [Fact]
    public void A_full_path_names_every_level()
    {
        Assert.True(AssetPath.TryParse("acme/north/water/line-1/pump-7", out var path, out _, out _));
        Assert.Equal(("acme", "north", "water", "line-1", "pump-7"),
            (path.Enterprise, path.Site, path.Area, path.Line, path.Name));
        Assert.Equal(["enterprise", "site", "area", "line", "asset"], Enumerable.Range(0, 5).Select(path.LevelOf));
    }

    [Fact]
    public void The_last_segment_is_the_asset_however_short_the_path_is()
    {
        Assert.True(AssetPath.TryParse("acme/pumpe-süd", out var path, out _, out _));
        Assert.Equal(("acme", null, "pumpe-süd"), (path.Enterprise, path.Site, path.Name));
        Assert.True(AssetPath.TryParse("pump", out path, out _, out _));
        Assert.Null(path.Enterprise);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a//b", 2)]
    [InlineData("/a", 0)]
    [InlineData("a/", 2)]
    [InlineData("a/b+c", 3)]
    [InlineData("a/#", 2)]
    [InlineData("$SYS/a", 0)]
    [InlineData("a/b c", 3)]
    [InlineData("a/b\u0007", 3)]
    [InlineData("a/b/c/d/e/f/g/h/i", 0)]
    [InlineData("a/01234567890123456789012345678901234567890123456789012345678901234", 2)]
    public void What_would_break_a_topic_is_refused_with_its_place(string text, int offset)
    {
        Assert.False(AssetPath.TryParse(text, out _, out var at, out var problem));
        Assert.Equal(offset, at);
        Assert.NotEmpty(problem);
    }
}
