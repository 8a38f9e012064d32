using Warder.Conventions.Tests.Rules;
using static Warder.Conventions.Tests.Planted;

namespace Warder.Conventions.Tests;

public sealed class CompositionTests
{
    [Fact]
    public void A_node_is_handed_whole_to_composition_roots_only()
        => Keep.Rule(CompositionRules.Whole(Checkout.Sources, "Node", Agreed.ComposedIn), Agreed.CompositionRoots);

    [Theory]
    [InlineData("class C { private readonly Node node; }")]
    [InlineData("class C { public Engine.Hosting.Node? It { get; } }")]
    [InlineData("class C(Node node);")]
    [InlineData("record C(Store Store, Node? Node);")]
    [InlineData("class C { C(Node node) { } }")]
    [InlineData("class C { void M(Node node) { } }")]
    [InlineData("class C { Func<Node, Task> run; }")]
    [InlineData("class C { void M() => services.GetRequiredService<Node>(); }")]
    [InlineData("class C { void M() => Run((Node node) => node.Store); }")]
    [InlineData("delegate void D(Node node);")]
    public void A_node_that_is_handed_whole_is_found(string code)
    {
        SourceFile[] sources = [File("src/Warder.Engine/Keys/Keys.cs", code), File("src/Warder.Cedar/Keys/Keys.cs", code)];

        Assert.Equal(["src/Warder.Engine/Keys/Keys.cs"], Places(CompositionRules.Whole(sources, "Node", Agreed.ComposedIn)));
    }

    [Theory]
    [InlineData("class C { void M() { using var node = Node.Start(store); } }")]
    [InlineData("class C(RegisteredNode node) { RegisteredNode Node => node; }")]
    [InlineData("class C { Contracts.Nodes.Node shape; }")]
    public void What_only_has_the_name_is_let_be(string code)
        => Assert.Empty(CompositionRules.Whole([File("src/Warder.Engine/Keys/Keys.cs", code)], "Node", Agreed.ComposedIn));
}
