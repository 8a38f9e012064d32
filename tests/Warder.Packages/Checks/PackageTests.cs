using System.IO.Compression;
using System.Xml.Linq;
using Warder.Cedar;
using Warder.Cedar.Values;

namespace Checks;

/// <summary>The contents of the packages.</summary>
public sealed class PackageTests
{
    private static readonly string Feed = Environment.GetEnvironmentVariable("WARDER_FEED")
        ?? throw new InvalidOperationException("WARDER_FEED must name the folder of the packages: ./test packages sets it.");

    /// <summary>The packages, the assemblies in each, and the Warder packages that each needs.</summary>
    public static TheoryData<string, string, string> Packages => new()
    {
        { "Warder.AspNetCore", "Warder.AspNetCore", "Warder.Client" },
        { "Warder.Cedar", "Warder.Cedar", "" },
        { "Warder.Client", "Warder.Client Warder.Core Warder.Protocol", "Warder.Contracts" },
        { "Warder.Contracts", "Warder.Contracts", "" },
        { "Warder.Testing", "Warder.Testing", "Warder.Client" },
    };

    [Fact]
    public void Only_the_packages_are_packed()
        => Assert.Equal(
            Packages.Select(static package => package.Data.Item1),
            Directory.GetFiles(Feed, "*.nupkg").Select(static file => Read(file).Id).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_has_its_assemblies_documents_and_symbols_and_nothing_else(string id, string assemblies, string dependencies)
    {
        var file = Assert.Single(Directory.GetFiles(Feed, $"{id}.*.nupkg"));
        var package = Read(file);
        var expected = assemblies.Split(' ').SelectMany(static name => new[] { $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml" });
        Assert.Equal(expected.Append("README.md").Order(StringComparer.Ordinal), package.Files);
        Assert.Equal(
            dependencies.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            package.Dependencies.Where(static name => name.StartsWith("Warder.", StringComparison.Ordinal)));
        Assert.Equal(
            assemblies.Split(' ').Select(static name => $"lib/net10.0/{name}.pdb"), Read(Path.ChangeExtension(file, ".snupkg")).Files);
    }

    [Fact]
    public void A_policy_is_evaluated()
    {
        var policies = PolicySet.Parse("""permit(principal == User::"ada", action == Action::"view", resource);""").ValueOrThrow();
        var entities = Entities.ParseJson("[]").ValueOrThrow();
        string Decide(string user) => Authorizer.Decide(
            policies,
            new Request(new EntityUid("User", user), new EntityUid("Action", "view"), new EntityUid("Photo", "1"), CedarRecord.Create()),
            entities).ToString();
        Assert.Equal("allow (policy0)", Decide("ada"));
        Assert.StartsWith("deny", Decide("bob"), StringComparison.Ordinal);
    }

    private static (string Id, string[] Files, string[] Dependencies) Read(string file)
    {
        using var archive = ZipFile.OpenRead(file);
        var entries = archive.Entries.Select(static entry => entry.FullName).ToList();
        using var text = archive.GetEntry(entries.Single(static name => name.EndsWith(".nuspec", StringComparison.Ordinal)))!.Open();
        var specification = XDocument.Load(text).Root!.Elements().Single();
        XNamespace space = specification.Name.Namespace;
        return (
            specification.Element(space + "id")!.Value,
            [.. entries.Where(static name => name.StartsWith("lib/", StringComparison.Ordinal) || name == "README.md")
                .Order(StringComparer.Ordinal)],
            [.. specification.Descendants(space + "dependency").Select(static each => each.Attribute("id")!.Value)]);
    }
}
