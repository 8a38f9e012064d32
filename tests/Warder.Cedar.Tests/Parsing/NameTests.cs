namespace Warder.Cedar.Tests.Parsing;

public sealed class NameTests
{
    [Theory]
    [InlineData("User::\"alice\"")]
    [InlineData("A::B::\"\"")]
    [InlineData("User::\"a\\\"b\\n\\u{7f}\"")]
    public void An_entitys_name_is_read_as_it_is_written(string text)
    {
        Assert.True(EntityUid.TryParse(text, out var uid));
        Assert.Equal(text, uid.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("User")]
    [InlineData("User::")]
    [InlineData("User::\"a")]
    [InlineData("User::\"a\".b")]
    [InlineData("User::\"a\" User::\"b\"")]
    [InlineData("if::\"a\"")]
    [InlineData("User::\"\\q\"")]
    public void What_is_no_name_is_not_read(string? text) => Assert.False(EntityUid.TryParse(text, out _));

    [Theory]
    [InlineData("User", "", "User", false)]
    [InlineData("A::B::User", "A::B", "User", false)]
    [InlineData("A::Action", "A", "Action", true)]
    [InlineData("Action", "", "Action", true)]
    [InlineData("MyAction", "", "MyAction", false)]
    public void A_type_has_a_namespace_and_a_base_name(string text, string space, string name, bool isAction)
    {
        var type = EntityTypeName.Parse(text);

        Assert.Equal((space, name, isAction), (type.Namespace, type.BaseName, type.IsAction));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A::")]
    [InlineData("::A")]
    [InlineData("A:B")]
    [InlineData("A ::B")]
    [InlineData("1A")]
    [InlineData("A.B")]
    [InlineData("A::in")]
    [InlineData("__cedar::A")]
    [InlineData("\u00c4")]
    public void What_is_no_type_is_refused(string text)
    {
        Assert.False(EntityTypeName.TryParse(text, out _));
        Assert.Throws<FormatException>(() => new EntityUid(text, "a"));
    }
}
