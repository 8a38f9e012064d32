using Warder.Core.Verification;

namespace Warder.Core.Tests.Verification;

public sealed class DecisionTests
{
    [Fact]
    public void The_default_is_a_denial()
    {
        Decision decision = default;
        Assert.False(decision.Allow);
        Assert.Equal(DecisionCode.Unavailable, decision.Code);
        Assert.Equal("unavailable", Decision.NameOf(default));
    }

    [Fact]
    public void An_allow_without_a_key_is_a_denial() => Assert.False(new Decision(DecisionCode.Allowed, null, default).Allow);

    [Fact]
    public void Every_code_of_a_denial_is_found_by_its_name_and_an_allow_is_not()
    {
        foreach (var code in Enum.GetValues<DecisionCode>())
            Assert.Equal(code == DecisionCode.Allowed ? DecisionCode.Unavailable : code, Decision.CodeOf(Decision.NameOf(code)));
        Assert.Equal(DecisionCode.Unavailable, Decision.CodeOf("something_new"));
        Assert.Equal(Decision.Last, Enum.GetValues<DecisionCode>().Max());
    }
}
