using YamlDotNet.RepresentationModel;

namespace EdgeTwin.Tests.Tidy;

/// <summary>The files for a broker fleet on Kubernetes, which nobody here can run: they parse, and hold
/// together.</summary>
public class FleetFilesTests
{
    [Fact]
    public void The_Kubernetes_file_parses_and_what_it_refers_to_is_in_it()
    {
        var stream = new YamlStream();
        using (var text = File.OpenText(Path.Combine(Repository.Root, "deploy/fleet/emqx-kubernetes.yaml")))
            stream.Load(text);
        var all = stream.Documents.Select(document => (YamlMappingNode)document.RootNode).ToList();
        Assert.Equal(["Namespace", "Service", "Service", "ConfigMap", "PodDisruptionBudget", "StatefulSet"],
            all.Select(document => Text(document, "kind")));
        Assert.All(all.Skip(1), document => Assert.Equal("edge-broker", Text(document, "metadata", "namespace")));
        var set = all[^1];
        Assert.Equal("3", Text(set, "spec", "replicas"));
        Assert.Contains(Text(set, "spec", "serviceName"), all.Select(document => Text(document, "metadata", "name")));
        Assert.Equal("emqx", Text(set, "spec", "template", "metadata", "labels", "app"));
        Assert.All(all.Where(document => Text(document, "kind") == "Service"), service =>
            Assert.Equal("emqx", Text(service, "spec", "selector", "app")));
        // A setting is a text: a bare true would be refused by Kubernetes.
        Assert.All(((YamlMappingNode)At(all[3], "data")).Children, setting =>
            Assert.Matches("^EMQX_[A-Z0-9_]+$", setting.Key.ToString()));
        Assert.All(((YamlMappingNode)At(all[3], "data")).Children.Values.Cast<YamlScalarNode>(), value =>
            Assert.True(value.Style != YamlDotNet.Core.ScalarStyle.Plain
                || !(bool.TryParse(value.Value, out _) || double.TryParse(value.Value, out _)), value.Value));
    }

    private static string Text(YamlNode node, params string[] path) => At(node, path).ToString();

    private static YamlNode At(YamlNode node, params string[] path) =>
        path.Aggregate(node, (at, key) => ((YamlMappingNode)at).Children[new YamlScalarNode(key)]);
}
