using Warder.Faults.Lanes;

namespace Warder.Faults.Tests.Load;

public sealed class InquiryTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(-3)]
    public void What_is_written_is_read(int? until)
    {
        var inquiry = new Inquiry(7, 200, until, [new Item(1, "a_b", null), new Item(2, "c_d", "posts:read")]);
        var read = Inquiry.Read(inquiry.Write().AsMemory(sizeof(int)));

        Assert.Equal(inquiry with { Items = [] }, read with { Items = [] });
        Assert.Equal(inquiry.Items, read.Items);
    }
}
