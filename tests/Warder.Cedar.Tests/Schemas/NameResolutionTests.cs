using Warder.Cedar.Schemas;

namespace Warder.Cedar.Tests.Schemas;

/// <summary>
/// A name resolves first in its own namespace, then in the one without a name, then to Cedar's own types; in each, to common types before
/// entity types.
/// </summary>
public sealed class NameResolutionTests
{
    [Theory]
    [InlineData("entity A {x: Long};", "Long")]
    [InlineData("entity A {x: __cedar::Long}; type Lon = Long;", "Long")]
    [InlineData("entity A {x: Long}; entity Long;", "Long", true)]
    [InlineData("entity A {x: __cedar::Long}; entity Long;", "Long")]
    [InlineData("entity A {x: decimal}; type decimal = String;", "String")]
    [InlineData("entity A {x: T}; entity T; type T = String;", "String")]
    [InlineData("namespace N { entity A {x: T}; entity T; type T = String; }", "String")]
    [InlineData("namespace N { entity A {x: T}; } type T = Bool; entity T;", "Bool")]
    [InlineData("namespace N { entity A {x: T}; entity T; } namespace M { type T = Bool; }", "N::T", true)]
    [InlineData("namespace N { entity A {x: M::T}; entity T; } namespace M { type T = T2; type T2 = Bool; }", "Bool")]
    [InlineData("namespace N { entity A {x: M::T}; type T2 = Long; } namespace M { type T = T2; entity T2; }", "M::T2", true)]
    [InlineData("namespace N { entity A {x: String}; entity String; }", "N::String", true)]
    [InlineData("entity String; namespace N { entity A {x: String}; }", "String", true)]
    [InlineData("namespace N { entity A {x: Action}; action a; } action b;", "N::Action", true)]
    [InlineData("namespace N { entity A {x: Action}; } action b;", "Action", true)]
    [InlineData("namespace N { entity A {x: Set<{a?: ipaddr, \"b c\": T}>}; type T = datetime; }", "Set<{a?: ipaddr, \"b c\": datetime}>")]
    public void Types(string text, string type, bool isEntity = false)
    {
        var schema = Schema.Parse(text).ValueOrThrow();

        var found = schema.EntityTypes.Values.Single(it => it.Name.BaseName == "A").Attributes["x"].Type;

        Assert.Equal((type, isEntity), (found.ToString(), found.Entity is not null));
    }

    [Theory]
    [InlineData("{\"type\":\"T\"}", "String")]
    [InlineData("{\"type\":\"EntityOrCommon\",\"name\":\"T\"}", "String")]
    [InlineData("{\"type\":\"Entity\",\"name\":\"T\"}", "N::T")]
    [InlineData("{\"type\":\"Entity\",\"name\":\"U\"}", "U")]
    [InlineData("{\"type\":\"Long\"}", "Long")]
    [InlineData("{\"type\":\"EntityOrCommon\",\"name\":\"Long\"}", "N::Long")]
    [InlineData("{\"type\":\"Extension\",\"name\":\"ipaddr\"}", "ipaddr")]
    [InlineData("{\"type\":\"ipaddr\"}", "Bool")]
    [InlineData("{\"type\":\"__cedar::ipaddr\"}", "ipaddr")]
    public void Types_in_JSON(string reference, string type)
    {
        var json = """
            {"N": {"commonTypes": {"T": {"type": "String"}, "ipaddr": {"type": "Boolean"}}, "actions": {},
                   "entityTypes": {"T": {}, "Long": {}, "A": {"shape": {"type": "Record", "attributes": {"x": REFERENCE}}}}},
             "": {"entityTypes": {"U": {}}, "actions": {}}}
            """.Replace("REFERENCE", reference, StringComparison.Ordinal);

        Assert.Equal(type, Schema.ParseJson(json).ValueOrThrow().EntityTypes[EntityTypeName.Parse("N::A")].Attributes["x"].Type.ToString());
    }

    [Theory]
    [InlineData("namespace N { action a in b; action b; }", "N::Action::\"b\"")]
    [InlineData("namespace N { action a in b; } action b;", "Action::\"b\"")]
    [InlineData("namespace N { action a in Action::\"b\"; } action b;", "Action::\"b\"")]
    [InlineData("namespace N { action a in M::Action::\"b\"; action b; } namespace M { action b; }", "M::Action::\"b\"")]
    [InlineData("namespace N { action a in \"b c\"; action \"b c\" in d; action d; }", "N::Action::\"b c\", N::Action::\"d\"")]
    public void Groups_of_actions(string text, string groups)
        => Assert.Equal(
            groups,
            string.Join(
                ", ", Schema.Parse(text).ValueOrThrow().Actions[new EntityUid("N::Action", "a")].Ancestors.Select(it => it.ToString())
                    .Order(StringComparer.Ordinal)));

    [Fact]
    public void A_schema_says_what_was_declared()
    {
        var schema = Schema.Parse("""
            namespace Shop {
              @doc("who buys")
              entity User in [Group] { age: Long, name?: String } tags Set<String>;
              entity Group in [Group];
              entity Color enum ["red", "green"];
              @risk
              action view, "look at" in [any] appliesTo { principal: User, resource: [Color, Group], context: { ip: ipaddr } };
              action any;
            }
            """).ValueOrThrow();

        var (user, group, color) = (
            EntityTypeName.Parse("Shop::User"), EntityTypeName.Parse("Shop::Group"), EntityTypeName.Parse("Shop::Color"));
        var view = schema.Actions[new EntityUid("Shop::Action", "look at")];
        Assert.Equal(["doc"], schema.EntityTypes[user].Annotations.Select(it => it.Name));
        Assert.Equal(
            (true, false), (schema.EntityTypes[user].Attributes["age"].IsRequired, schema.EntityTypes[user].Attributes["name"].IsRequired));
        Assert.Equal("Set<String>", schema.EntityTypes[user].Tags!.ToString());
        Assert.Equal([group], schema.EntityTypes[group].Ancestors);
        Assert.Equal(["green", "red"], schema.EntityTypes[color].Ids!.Order(StringComparer.Ordinal));
        Assert.Equal((3, "risk"), (schema.Actions.Count, view.Annotations.Single().Name));
        Assert.Equal([user], view.Principals);
        Assert.True(view.Resources.SetEquals([color, group]));
        Assert.Equal("{ip: ipaddr}", view.Context.ToString());
        Assert.Empty(schema.Actions[new EntityUid("Shop::Action", "any")].Principals);
    }
}
