using Warder.Cedar.Parsing;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Tests.Parsing;

/// <summary>Policy texts are accepted or refused as by the official engine, case by case.</summary>
public sealed class AcceptanceTests
{
    // Cases that one line of the table of expressions cannot hold.
    [Theory]
    [InlineData("User :: a // a comment\n :: \"b\" == User::\"a\"")]
    [InlineData("\"a\nb\tc\" == \"\"")]
    [InlineData("\"\0\" == \"\"")]
    [InlineData("User :: a /* no comment */ == 1", false)]
    [InlineData("principal has a + 1", false)]
    [InlineData("principal has \"a\" - 1 == 1", false)]
    [InlineData("\"a\" like \"b\" * 2", false)]
    [InlineData("principal is User - true", false)]
    [InlineData("principal is User in resource - true")]
    [InlineData("principal is User && true")]
    [InlineData("\"a\rb\" == \"\"", false)]
    [InlineData("\"a\r\nb\" == \"\"", false)]
    [InlineData("\"a\\\nb\" == \"\"", false)]
    [InlineData("\"a", false)]
    [InlineData("", false)]
    [InlineData("true;", false)]
    public void Conditions(string expression, bool isAccepted = true)
        => Check($"permit(principal, action, resource) when {{ {expression} }};", isAccepted);

    // Attributes would not preserve these characters.
    [Fact]
    public void Half_a_surrogate_pair_is_no_character()
    {
        foreach (var half in new[] { "\ud800", "\udc00", "\udc00\ud800", "\ud800\ud800" })
            Conditions($"\"a{half}b\" == \"\"", isAccepted: false);
        Conditions("\"\ud83d\ude00\" == \"\"");
    }

    [Theory]
    [InlineData("permit(principal,action,resource,);")]
    [InlineData("permit(principal == ((User::\"a\")),action,resource is R in (R::\"r\"));")]
    [InlineData("permit(principal is A::B::C,action in ([Action::\"x\",(NS::Action::\"y\"),]),resource);")]
    [InlineData("permit(principal is User in ?principal,action in [],resource == (?resource));")]
    [InlineData("permit(principal,action in (Action::\"x\"),resource) when{true}unless{false}when{true};")]
    [InlineData("@id(\"x\")@if@__cedar(\"\")forbid(principal,action,resource);// the end")]
    [InlineData("")]
    [InlineData("// nothing")]
    [InlineData("permit(principal,action,resource)\u00a0when\u2003{\u0085true\u000b\u000c\u2028};")]
    [InlineData("permit(principal,action,resource)//x\rwhen {true};")]
    [InlineData("permit(principal,action);", false)]
    [InlineData("permit();", false)]
    [InlineData("permit(action,principal,resource);", false)]
    [InlineData("permit(principal,action,resource,context);", false)]
    [InlineData("permit(principal:User,action,resource);", false)]
    [InlineData("permit((principal),action,resource);", false)]
    [InlineData("permit(principal,,action,resource);", false)]
    [InlineData("permit(principal in [User::\"a\"],action,resource);", false)]
    [InlineData("permit(principal is User == User::\"a\",action,resource);", false)]
    [InlineData("permit(principal is (User),action,resource);", false)]
    [InlineData("permit(principal is User::\"a\",action,resource);", false)]
    [InlineData("permit(principal is if::User,action,resource);", false)]
    [InlineData("permit(principal is User::,action,resource);", false)]
    [InlineData("permit(principal has x,action,resource);", false)]
    [InlineData("permit(principal != User::\"a\",action,resource);", false)]
    [InlineData("permit(principal = User::\"a\",action,resource);", false)]
    [InlineData("permit(principal == principal,action,resource);", false)]
    [InlineData("permit(principal == ?resource,action,resource);", false)]
    [InlineData("permit(principal == User::\"a\".b,action,resource);", false)]
    [InlineData("permit(principal == User::\"a\" && true,action,resource);", false)]
    [InlineData("permit(principal in User::\"a\" in User::\"b\",action,resource);", false)]
    [InlineData("permit(principal,action == User::\"x\",resource);", false)]
    [InlineData("permit(principal,action == [Action::\"x\"],resource);", false)]
    [InlineData("permit(principal,action in [[Action::\"x\"]],resource);", false)]
    [InlineData("permit(principal,action in [,],resource);", false)]
    [InlineData("permit(principal,action is Action,resource);", false)]
    [InlineData("permit(principal,action == ?action,resource);", false)]
    [InlineData("permit(principal,action in ?principal,resource);", false)]
    [InlineData("@id()permit(principal,action,resource);", false)]
    [InlineData("@id(\"x\")@id(\"y\")permit(principal,action,resource);", false)]
    [InlineData("@a::b(\"x\")permit(principal,action,resource);", false)]
    [InlineData("permit(principal,action,resource)", false)]
    [InlineData("permit(principal,action,resource) when {};", false)]
    [InlineData("permit(principal,action,resource) when true;", false)]
    [InlineData("permit(principal,action,resource) if {true};", false)]
    [InlineData("Permit(principal,action,resource);", false)]
    [InlineData("permit(principal,action,resource);;", false)]
    [InlineData("permit(principal,action,resource);#", false)]
    [InlineData("\ufeffpermit(principal,action,resource);", false)]
    [InlineData("permit(principal,action,resource)\u200bwhen {true};", false)]
    [InlineData("permit(principal,action,resource)//x\u2028when {false};", false)]
    public void Policies(string text, bool isAccepted = true) => Check(text, isAccepted);

    private static void Check(string text, bool isAccepted)
    {
        var (policies, errors) = PolicyParser.ParseAll(new SourceText(text), Limits.Default);

        Assert.Equal(isAccepted, errors.Count == 0);
        Assert.True(isAccepted || policies.Count == 0);

        // The text that the library writes reads back as the same policy.
        var written = string.Join('\n', policies);
        Assert.Equal(policies, PolicyParser.ParseAll(new SourceText(written), Limits.Default).Policies);
    }
}
