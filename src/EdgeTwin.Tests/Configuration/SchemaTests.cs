using System.Text.Json;
using EdgeTwin.Configuration;
using EdgeTwin.Hosting;
using EdgeTwin.Sources;
using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.Configuration;

public class SchemaTests
{
    private static readonly string SchemaFile = Path.Combine(RepositoryFolder.Root, "config/edgetwin.schema.json");

    [Fact]
    public void The_schema_that_is_checked_in_is_the_one_that_the_records_give()
    {
        var fresh = SchemaWriter.Write(
            XmlDocs.Of(typeof(EdgeTwinConfig).Assembly),
            SourceCatalog.Drivers.ToDictionary(driver => driver.Name, driver => driver.ConfigType),
            ConfigurationFile.UplinkTypes);
        if (Environment.GetEnvironmentVariable("EDGETWIN_WRITE_SCHEMA") == "1")
            File.WriteAllText(SchemaFile, fresh);
        Assert.True(fresh == File.ReadAllText(SchemaFile),
            "config/edgetwin.schema.json is stale; run this test with EDGETWIN_WRITE_SCHEMA=1");
    }

    [Fact]
    public void It_knows_ranges_values_defaults_descriptions_and_the_keys_of_each_driver()
    {
        var schema = JsonDocument.Parse(SchemaWriter.Write(
            XmlDocs.Of(typeof(EdgeTwinConfig).Assembly),
            new Dictionary<string, Type> { ["test"] = typeof(TestSourceConfig) },
            new Dictionary<string, Type> { ["mqtt"] = typeof(MqttUplinkConfig) })).RootElement;
        var definitions = schema.GetProperty("definitions");

        var severity = definitions.GetProperty("alarmConfig").GetProperty("properties").GetProperty("severity");
        Assert.Equal((1, 1000, 500),
            (severity.GetProperty("minimum").GetInt32(), severity.GetProperty("maximum").GetInt32(),
                severity.GetProperty("default").GetInt32()));
        Assert.StartsWith("Urgency", severity.GetProperty("description").GetString(), StringComparison.Ordinal);
        var type =
            definitions.GetProperty("tagConfig").GetProperty("properties").GetProperty("type").GetProperty("enum");
        Assert.Contains("float32", type.EnumerateArray().Select(value => value.GetString()));
        Assert.DoesNotContain("none", type.EnumerateArray().Select(value => value.GetString()));
        var test = definitions.GetProperty("testSourceConfig.test");
        Assert.Equal("test", test.GetProperty("properties").GetProperty("driver").GetProperty("const").GetString());
        Assert.Equal("1s", test.GetProperty("properties").GetProperty("scan").GetProperty("default").GetString());
        Assert.False(test.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(
            ["gateway", "asset"], schema.GetProperty("required").EnumerateArray().Select(key => key.GetString()));
    }
}
