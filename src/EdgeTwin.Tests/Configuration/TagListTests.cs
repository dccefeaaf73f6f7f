using System.Text;
using EdgeTwin.Configuration;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Configuration;

public class TagListTests
{
    [Fact]
    public void What_is_exported_is_imported_exactly()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(7);
        var tags = new OrderedDictionary<string, TagConfig>();
        for (var i = 0; i < 200; i++)
            tags.Add($"tag-{i}", RandomTag(random));

        var imported = TagCsv.Import(Export(folder, tags));

        Assert.Empty(imported.Errors);
        Assert.Equal(tags, imported.Tags);
    }

    [Fact]
    public void Exported_tags_pasted_as_yaml_are_the_same_tags()
    {
        var random = new Random(8);
        var tags = new OrderedDictionary<string, TagConfig>();
        for (var i = 0; i < 200; i++)
            tags.Add($"tag-{i}", RandomTag(random));
        var writer = new StringWriter();
        writer.Write(
            "gateway: { id: a }\nasset: { path: a }\nsources: { \"plc\": { driver: test, endpoint: \"h:1\" } }\n");
        TagYaml.Write(tags, writer);

        var result = TestDriver.Loader.Parse("f", Encoding.UTF8.GetBytes(writer.ToString()), "/");

        Assert.Empty(result.Errors);
        Assert.Equal(tags, result.Config!.Tags);
    }

    [Fact]
    public void Only_columns_that_some_tag_uses_are_written()
    {
        var writer = new StringWriter();
        TagCsv.Export(new Dictionary<string, TagConfig>
        {
            ["flow"] = new()
            {
                Source = "plc",
                Address = "reg:0",
                Type = TagDataType.Float32,
                Range = new ValueRange(0, 1.5),
                Description = "a, \"b\""
            },
        }, writer);
        Assert.Equal(
            "name,source,address,type,range,description\r\nflow,plc,reg:0,float32,\"[0, 1.5]\",\"a, \"\"b\"\"\"\r\n",
            writer.ToString());
    }

    [Fact]
    public void What_a_spreadsheet_writes_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("tags.csv",
            "\uFEFFsep=;\r\nName;Source;Address;Type;Deadband;Range;Unit;Description\r\n"
            + "flow;plc;reg:0;float32;0,05;\"[0; "
                + "130]\";°C;\"two\r\nlines\"\r\n;;;;;;;\r\n\r\nlevel;plc;reg:1;int16;;0..1,5;;\r\n");

        var imported = TagCsv.Import(path);

        Assert.Empty(imported.Errors);
        Assert.Equal(["flow", "level"], imported.Tags.Keys);
        Assert.Equal((0.05, new ValueRange(0, 130), "two\r\nlines"),
            (imported.Tags["flow"].Deadband, imported.Tags["flow"].Range, imported.Tags["flow"].Description));
        Assert.Equal(new ValueRange(0, 1.5), imported.Tags["level"].Range);
    }

    [Theory]
    [InlineData("", ":1: the file is empty; the first line names the columns: name, source, address, type, …")]
    [InlineData("source,address\na,b\n",
        ":1: there is no column 'name'; the first line names the columns: name, source, address, type, …")]
    [InlineData("name,source,adress\n", ":1: unknown column 'adress'; did you mean 'address'?")]
    [InlineData("name,name\n", ":1: column 'name' is there twice")]
    [InlineData("name,source,address,type\na,b,c,int16,more\n",
        ":2: 5 cells, but the first line names 4 columns; a text with ',' needs quotes")]
    [InlineData("name,source,address,type\na,b,\"c\nd\",int16\nb,s,a,int17\n",
        ":4: tag 'b': 'type' cannot be 'int17'; did you mean 'int16'?")]
    [InlineData(
        "name,source,address,type\n,b,c,int16\n",
        ":2: tag: the name is empty; a name consists of letters a-z, digits, '_', '-' and '.', and starts with a "
        + "letter")]
    [InlineData("name,source,address,type\na,\"b,c,int16\n", ": the quote that opens on line 2 is never closed")]
    [InlineData("name,source,address,type\na,b,c\n", ":2: tag 'a': required key 'type' is missing")]
    [InlineData("name,source,address,type,unit\na,b,c,int16,barr\n",
        ":2: tag 'a': there is no unit 'barr'; did you mean 'bar'?")]
    [InlineData("name,source,address,type,deadband\na,b,c,string,1\n",
        ":2: tag 'a': 'deadband' is for numbers, and the tag is a string; remove it or change the type")]
    [InlineData(
        "name,source,address,type\na,b,c,int16\na,b,c,int16\n", ":3: tag 'a' is defined twice; the first is at line 2")]
    public void A_broken_list_is_explained_by_line(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("tags.csv", text);
        var error = Assert.Single(TagCsv.Import(path).Errors);
        Assert.Equal(path + expected, error.ToString());
    }

    [Fact]
    public void Tag_files_are_merged_after_the_tags_of_the_file_itself()
    {
        using var folder = new TemporaryFolder();
        folder.Write("more.csv", "name,source,address,type\nlevel,plc,reg:9,int16\n");
        var text = ConfigLoaderTests.Good + "tagFiles: [more.csv]\n";
        var result = TestDriver.Loader.Parse("f", Encoding.UTF8.GetBytes(text), folder.Path);
        Assert.Empty(result.Errors);
        Assert.Equal(["flow", "pressure", "name", "level"], result.Config!.Tags.Keys);
    }

    [Fact]
    public void Tag_files_are_enough_without_any_tag_in_the_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("more.csv", "name,source,address,type\nlevel,plc,reg:9,int16\n");
        const string Start =
            "gateway: { id: a }\nasset: { path: a }\nsources: { plc: { driver: test, endpoint: 'h:1' } }\ntagFiles: "
            + "[more.csv]\n";
        foreach (var tags in new[] { "", "tags:\n", "tags: {}\n" })
        {
            var result = TestDriver.Loader.Parse("f", Encoding.UTF8.GetBytes(Start + tags), folder.Path);
            Assert.Empty(result.Errors);
            Assert.Equal(["level"], result.Config!.Tags.Keys);
        }
    }

    private static string Export(TemporaryFolder folder, IReadOnlyDictionary<string, TagConfig> tags)
    {
        var writer = new StringWriter();
        TagCsv.Export(tags, writer);
        return folder.Write("tags.csv", writer.ToString());
    }

    private static TagConfig RandomTag(Random random)
    {
        string[] texts = ["plain", "a, b; c", "\"quoted\"", "two\nlines", " spaces ", "°C µ Ω 漢字 🙂", "null", "true",
            "#x", "a: b", "{x}", "-1", "~", "back\\slash", "\ttab"];
        double Number() => random.Next(4) switch
        {
            0 => random.NextDouble(),
            1 => random.Next(-1000, 1000),
            2 => 1e-300 * random.NextDouble(),
            _ =>
                1e20 * random.NextDouble() + 1,
        };
        bool Maybe() => random.Next(2) == 0;
        var low = Number();
        return new TagConfig
        {
            Source = "plc",
            Address = $"reg:{random.Next(65536)}",
            Type = (TagDataType)random.Next(2, 10),
            WordOrder = Maybe() ? WordOrder.Big : WordOrder.Little,
            Coding = Maybe() ? NumberCoding.Bcd : NumberCoding.Binary,
            Unit = Maybe() ? "L/min" : null,
            Scale = Maybe() ? Math.Max(1e-9, Math.Abs(Number())) : null,
            Offset = Maybe() ? Number() : null,
            Range = Maybe() ? new ValueRange(low, low + Math.Abs(low) + 1) : null,
            Deadband = Maybe() ? Math.Abs(Number()) : 0,
            Record = Maybe() ? RecordPolicy.All : RecordPolicy.Changes,
            Heartbeat = TimeSpan.FromTicks(random.NextInt64(TimeSpan.TicksPerSecond, TimeSpan.TicksPerDay)),
            Cadence = Maybe() ? TimeSpan.FromSeconds(random.Next(1, 100000)) : null,
            Description = Maybe() ? texts[random.Next(texts.Length)] : null,
        };
    }
}
