using Warder.Conventions.Tests.Rules;
using static Warder.Conventions.Tests.Planted;

namespace Warder.Conventions.Tests;

public sealed class ProjectTests
{
    private static IEnumerable<SourceFile> SourceProjects => Checkout.EndingWith(".csproj").Where(file => file.Project.Length > 0);

    [Fact]
    public void The_checkout_is_read()
    {
        // Rules hold of nothing at all; these must hold of something.
        Assert.Subset(Checkout.Sources.Select(file => file.Path).ToHashSet(), Agreed.AmbientHomes.ToHashSet());
        Assert.NotNull(Checkout.Find("tests/Warder.Conventions.Tests/ProjectTests.cs"));
        Assert.True(SourceProjects.Count() >= 7);
    }

    [Fact]
    public void References_run_one_way() => Keep.Rule(ProjectRules.References(SourceProjects, Agreed.References));

    [Fact]
    public void Core_and_contracts_use_the_base_class_library_only() => Keep.Rule(ProjectRules.Bare(SourceProjects, Agreed.Bare));

    [Fact]
    public void Every_project_is_in_the_solution()
        => Keep.Rule(ProjectRules.Listed(
            Checkout.EndingWith(".csproj").Where(static file => !file.Path.StartsWith(Agreed.Outside, StringComparison.Ordinal)), Checkout.Find("Warder.slnx")!));

    [Fact]
    public void A_reference_against_the_way_is_found()
    {
        var found = ProjectRules.References(
            [
                File("src/Warder.Core/Warder.Core.csproj", Project("Warder.Storage")),
                File("src/Warder.Client/Warder.Client.csproj", Project("Warder.Core", "Warder.Cedar", "Warder.Server")),
                File("src/Warder.Contracts/Warder.Contracts.csproj", Project("Warder.Core")),
                File("src/Warder.Server/Warder.Server.csproj", Project("Warder.Core", "Warder.Storage")),
                File("src/Warder.Attic/Warder.Attic.csproj", Project()),
            ],
            Agreed.References);

        Assert.Equal(
            [
                "src/Warder.Core/Warder.Core.csproj: may not reference Warder.Storage",
                "src/Warder.Client/Warder.Client.csproj: may not reference Warder.Server",
                "src/Warder.Contracts/Warder.Contracts.csproj: may not reference Warder.Core",
                "src/Warder.Attic/Warder.Attic.csproj: is not in the table of references",
            ],
            found.Select(violation => $"{violation.Where}: {violation.What}"));
    }

    [Fact]
    public void A_package_in_core_is_found()
    {
        const string Text = "<Project><PackageReference Include=\"Polly\" /></Project>";
        SourceFile[] projects = [File("src/Warder.Core/Warder.Core.csproj", Text), File("src/Warder.Cli/Warder.Cli.csproj", Text)];
        var found = ProjectRules.Bare(projects, Agreed.Bare);

        Assert.Equal(["src/Warder.Core/Warder.Core.csproj"], Places(found));
    }

    [Fact]
    public void A_project_outside_the_solution_is_found()
    {
        const string Text = "<Solution><Project Path=\"src/A/A.csproj\" /><Project Path=\"src/Gone/Gone.csproj\" /></Solution>";
        var solution = File("Warder.slnx", Text);
        var found = ProjectRules.Listed([File("src/A/A.csproj"), File("bench/B/B.csproj")], solution);

        Assert.Equal(["bench/B/B.csproj", "src/Gone/Gone.csproj"], Places(found));
    }
}
