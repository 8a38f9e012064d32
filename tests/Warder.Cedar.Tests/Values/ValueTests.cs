using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Values;

public sealed class ValueTests
{
    [Fact]
    public void Values_are_equal_when_type_and_content_are()
    {
        Value[] different =
        [
            default, true, false, 0L, 1L, "", "1", new EntityUid("U", "1"), new EntityUid("V", "1"), CedarSet.Empty, CedarSet.Create([1L]),
            CedarSet.Create([CedarSet.Empty]),
            CedarRecord.Empty, CedarRecord.Create(KeyValuePair.Create("a", (Value)1L)),
            CedarRecord.Create(KeyValuePair.Create("b", (Value)1L)), new CedarDecimal(1),
            new CedarDateTime(1), new CedarDuration(1), Ip("0.0.0.1"), Ip("0.0.0.1/31"), Ip("::1"),
        ];
        for (var i = 0; i < different.Length; i++)
        {
            for (var j = 0; j < different.Length; j++)
                Assert.Equal(i == j, different[i] == different[j]);
        }
    }

    [Fact]
    public void A_set_has_no_order_and_nothing_twice()
    {
        foreach (var count in new[] { 3, 8, 9, 100 })
        {
            var numbers = Enumerable.Range(0, count).Select(number => (Value)(long)number).ToArray();
            var set = CedarSet.Create(numbers);
            var again = CedarSet.Create([.. numbers.Reverse(), .. numbers]);

            Assert.Equal(count, again.Count);
            Assert.Equal(set, again);
            Assert.Equal(set.GetHashCode(), again.GetHashCode());
            Assert.NotEqual(set, CedarSet.Create([.. numbers.Skip(1), "0"]));
            Assert.All(numbers, number => Assert.True(set.Contains(number)));
            Assert.False(set.Contains((long)count));
        }
    }

    [Fact]
    public void A_record_finds_its_fields_whatever_their_number()
    {
        foreach (var count in new[] { 0, 1, 8, 9, 100 })
        {
            var fields = Enumerable.Range(0, count).Select(number => KeyValuePair.Create($"field {number}", (Value)(long)number))
                .Reverse().ToArray();
            var record = CedarRecord.Create(fields);

            Assert.Equal(count, record.Count);
            Assert.All(fields, field => Assert.Equal(field.Value, record[field.Key]));
            Assert.False(record.ContainsKey("field"));
            Assert.Equal(record, CedarRecord.Create(fields.Reverse()));
        }
    }

    [Fact]
    public void What_is_no_value_is_taken_nowhere()
    {
        Assert.Throws<ArgumentException>(() => CedarSet.Create([default]));
        Assert.Throws<ArgumentException>(() => CedarRecord.Create(KeyValuePair.Create("a", default(Value))));
        Assert.Throws<ArgumentException>(
            () => CedarRecord.Create(KeyValuePair.Create("a", (Value)1L), KeyValuePair.Create("a", (Value)1L)));
    }

    [Fact]
    public async Task Comparing_what_is_alike_up_to_its_end_takes_no_longer_than_looking_at_it()
    {
        const int Levels = 7;
        await Task.Run(() => Assert.True(Nested(Levels) == Nested(Levels))).WaitAsync(TimeSpan.FromSeconds(60));

        // Eight records that differ in their last field only.
        static Value Nested(int levels)
        {
            if (levels == 0)
                return 1L;
            var inner = Nested(levels - 1);
            return CedarSet.Create(
                [.. Enumerable.Range(0, 8).Select(
                    number => (Value)CedarRecord.Create(KeyValuePair.Create("a", inner), KeyValuePair.Create("b", (Value)(long)number)))]);
        }
    }

    private static CedarIp Ip(string text) => CedarIp.TryParse(text, out var ip) ? ip : throw new ArgumentException(text, nameof(text));
}
