using Warder.Core.Directory;

namespace Warder.Core.Tests.Directory;

public sealed class DomainNameTests
{
    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("Foo-Corp.EXAMPLE.Com", "foo-corp.example.com")]
    [InlineData("xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("4.example", "4.example")]
    public void A_name_is_read_in_lower_case(string text, string name) => Assert.Equal(name, DomainName.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("example.com.")]
    [InlineData(".example.com")]
    [InlineData("a..example")]
    [InlineData("-a.example")]
    [InlineData("a-.example")]
    [InlineData("a_b.example")]
    [InlineData("a b.example")]
    [InlineData("https://example.com")]
    [InlineData("bücher.example")]
    [InlineData("\u212Aelvin.example")]
    [InlineData("ex\u0130mple.com")]
    [InlineData("example\u3002com")]
    public void Other_texts_are_no_name(string text) => Assert.Null(DomainName.Read(text));

    [Fact]
    public void Labels_and_names_have_a_length()
    {
        var label = new string('a', 63);
        Assert.NotNull(DomainName.Read($"{label}.example"));
        Assert.Null(DomainName.Read($"{label}a.example"));
        Assert.NotNull(DomainName.Read($"{label}.{label}.{label}.{new string('b', 61)}"));
        Assert.Null(DomainName.Read($"{label}.{label}.{label}.{new string('b', 62)}"));
    }
}
