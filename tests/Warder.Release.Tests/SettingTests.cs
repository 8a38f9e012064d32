using System.Text.RegularExpressions;
using Warder.Server.Configuration;
using YamlDotNet.RepresentationModel;

namespace Warder.Release.Tests;

/// <summary>The files of a release name settings that <c>warder serve</c> has.</summary>
public sealed partial class SettingTests
{
    [GeneratedRegex(@"\bWARDER_[A-Z_]*[A-Z]\b")]
    private static partial Regex Variable { get; }

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(DeployFile.Folder, "*", SearchOption.AllDirectories)
            .Select(static file => Path.GetRelativePath(DeployFile.Folder, file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_variable_is_a_setting(string file)
    {
        var known = ServeSettings.All.Select(static setting => setting.Variable).ToHashSet(StringComparer.Ordinal);
        Assert.All(Variable.Matches(DeployFile.Read(file)), match => Assert.Contains(match.Value, known));
    }

    [Fact]
    public void Some_file_names_a_setting()
        => Assert.Contains(Files, static file => Variable.IsMatch(DeployFile.Read(file.Data)));

    [Fact]
    public void The_services_of_the_compose_file_get_the_secrets_that_their_settings_name()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(DeployFile.Read("compose.yaml")));
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        var declared = Names(root, "secrets");
        foreach (var (name, node) in (YamlMappingNode)root.Children["services"])
        {
            var service = (YamlMappingNode)node;
            var given = ((YamlSequenceNode)service.Children["secrets"]).Select(static item => ((YamlScalarNode)item).Value).ToList();
            Assert.All(given, secret => Assert.Contains(secret, declared));
            var used = ((YamlMappingNode)service.Children["environment"]).Children.Values
                .Select(static value => ((YamlScalarNode)value).Value!)
                .Where(static value => value.StartsWith("/run/secrets/", StringComparison.Ordinal))
                .Select(static value => Path.GetFileName(value));
            Assert.Equal(given.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
            Assert.NotNull(((YamlScalarNode)name).Value);
        }
    }

    private static List<string?> Names(YamlMappingNode root, string member)
        => [.. ((YamlMappingNode)root.Children[member]).Children.Keys.Select(static key => ((YamlScalarNode)key).Value)];
}
