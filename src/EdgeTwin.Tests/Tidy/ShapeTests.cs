namespace EdgeTwin.Tests.Tidy;

public class ShapeTests
{
    // This folder names what it looks for.
    private static IEnumerable<(string Path, string Text)> OtherCode =>
        Repository.Code().Where(static f => !f.Path.StartsWith("src/EdgeTwin.Tests/Tidy/", StringComparison.Ordinal));

    private static IEnumerable<(string Path, string Text)> Product => Repository.Code().Where(static f =>
        !f.Path.StartsWith("src/EdgeTwin.Tests/", StringComparison.Ordinal)
        && !f.Path.StartsWith("src/EdgeTwin.Benchmarks/", StringComparison.Ordinal));

    [Fact]
    public void Files_are_short_and_narrow_and_finished() =>
        Assert.Empty(OtherCode.SelectMany(static f => ShapeRules.Check(f.Path, f.Text)));

    [Theory]
    [InlineData("\tx", "x.cs:1: a tab")]
    [InlineData("a\n// TODO later", "x.cs:2: unfinished: // TODO later")]
    public void A_line_out_of_shape_is_found(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(ShapeRules.Check("x.cs", text)));

    [Fact]
    public void A_line_too_wide_and_a_file_too_long_are_found()
    {
        Assert.Empty(ShapeRules.Check("x.cs", new string('x', 120)));
        Assert.Single(ShapeRules.Check("x.cs", new string('x', 121)));
        Assert.Empty(ShapeRules.Check("x.cs", new string('\n', 400) + "\n"));
        Assert.Single(ShapeRules.Check("x.cs", string.Concat(Enumerable.Repeat("x\n", 401))));
    }

    [Fact]
    public void Nothing_banned_is_called() =>
        Assert.Empty(OtherCode.SelectMany(static f => ShapeRules.CheckCode(f.Path, f.Text)));

    [Theory]
    [InlineData("    #region Fields")]
    [InlineData("#if DEBUG")]
    [InlineData("Thread.Sleep(5);")]
    [InlineData("private async void Run()")]
    [InlineData("try { X(); } catch { }")]
    [InlineData("try { X(); } catch (IOException) { }")]
    public void A_banned_call_is_found(string code) => Assert.Single(ShapeRules.CheckCode("x.cs", code));

    [Theory]
    [InlineData("// Thread.Sleep(5) would block")]
    [InlineData("var s = \"Thread.Sleep(5)\";")]
    [InlineData("var s = $@\"#region \"\" Thread.Sleep\";")]
    public void What_comments_and_strings_say_is_not_a_call(string code) =>
        Assert.Empty(ShapeRules.CheckCode("x.cs", code));

    [Fact]
    public void There_is_one_type_per_file_and_the_file_is_named_after_it() =>
        Assert.Empty(Product.SelectMany(static f => ShapeRules.CheckTypes(f.Path, f.Text)));

    [Theory]
    [InlineData("internal sealed class Pump;\ninternal enum PumpState { On }")]
    [InlineData("public readonly record struct Pump(int A);\npublic delegate void Started(int a);")]
    [InlineData("internal interface IValve;")]
    public void A_second_type_or_another_name_is_found(string code) =>
        Assert.Single(ShapeRules.CheckTypes("src/Pump.cs", code));

    [Theory]
    [InlineData("internal sealed partial class Pump<T>\n{\n    private enum State { On }\n}\nfile class Helper;")]
    [InlineData("internal partial class Pump;\ninternal partial class Pump;")]
    [InlineData("return 0;")]
    public void Nested_and_file_types_belong_to_theirs(string code) =>
        Assert.Empty(ShapeRules.CheckTypes("src/Pump.Log.cs", code));
}
