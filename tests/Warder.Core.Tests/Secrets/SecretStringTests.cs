using System.Text.Json;
using Warder.Core.Secrets;

namespace Warder.Core.Tests.Secrets;

public sealed class SecretStringTests
{
    private static readonly SecretString Secret = new("wdrm_secret");

    [Fact]
    public void It_prints_as_redacted_and_compares_by_value()
    {
        Assert.Equal("[redacted]", $"{Secret}");
        Assert.Equal(Secret, new SecretString("wdrm_secret"));
        Assert.NotEqual(Secret, new SecretString("wdrm_other"));
        Assert.Equal(0, Secret.GetHashCode());
    }

    [Fact]
    public void To_serialize_it_throws_also_within_something_else()
    {
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(Secret));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(new { Key = "k", Value = Secret }));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<SecretString>("\"wdrm_secret\""));
    }
}
