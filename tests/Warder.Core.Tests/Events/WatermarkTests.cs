using Warder.Core.Events;
using Warder.Core.Time;

namespace Warder.Core.Tests.Events;

/// <summary>A watermark is compared with the log that includes it, and with other logs.</summary>
public sealed class WatermarkTests
{
    private static readonly Watermark Mark = new("aa", 7, "bb", new Instant(1_700_000_000_000));

    [Theory]
    [InlineData("aa", 7, "bb", WatermarkVerdict.Current)]
    [InlineData("aa", 9, "bb", WatermarkVerdict.Current)]
    [InlineData("aa", 6, null, WatermarkVerdict.Older)]
    [InlineData(null, 0, null, WatermarkVerdict.Older)]
    [InlineData("aa", 7, "cc", WatermarkVerdict.Diverged)]
    [InlineData("aa", 9, null, WatermarkVerdict.Diverged)]
    [InlineData("dd", 9, "bb", WatermarkVerdict.OtherInstance)]
    public void A_log_is_compared_with_it(string? instance, long head, string? hash, WatermarkVerdict verdict)
        => Assert.Equal(verdict, Mark.Compare(instance, head, hash));

    [Fact]
    public void What_is_written_is_read_back_and_nothing_less_is()
    {
        var text = Mark.ToString();
        Assert.Equal(Mark, Watermark.Parse(text));
        for (var length = 0; length < text.Length; length++)
            Assert.Null(Watermark.Parse(text[..length]));
    }
}
