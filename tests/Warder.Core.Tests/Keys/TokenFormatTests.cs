using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Core.Tests.Secrets;

namespace Warder.Core.Tests.Keys;

public sealed class TokenFormatTests
{
    private static readonly Gen<string> Prefixes =
        from first in Gen.Elements("abcdefghijklmnopqrstuvwxyz".ToCharArray())
        from length in Gen.Choose(0, 31)
        from rest in Gen.Elements("abcdefghijklmnopqrstuvwxyz0123456789_".ToCharArray()).ArrayOf(length)
        select first + new string(rest);

    [Fact]
    public void The_checksum_is_the_one_of_zlib()
        => Assert.Equal(0xCBF43926, Crc32.Compute("123456789"u8));

    [Fact]
    public void The_checksum_of_any_bytes_is_that_of_the_definition()
        => Prop.ForAll<byte[]>(bytes => Crc32.Compute(bytes) == BitByBit(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void The_published_vector_is_well_formed()
        => Assert.Equal("wdr_live", Split("wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"));

    [Fact]
    public void What_is_issued_is_well_formed_and_splits_at_its_last_underscore()
        => Prop.ForAll(Prefixes.ToArbitrary(), prefix =>
        {
            var token = TokenFormat.Issue(prefix, Entropy.System).Reveal();
            return token.Length == prefix.Length + 37 && Split(token) == prefix && token.LastIndexOf('_') == prefix.Length;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_change_of_one_byte_leaves_a_token_of_the_same_prefix()
    {
        var issued = Encoding.ASCII.GetBytes(TokenFormat.Issue("wdr_live", new SeededEntropy(1)).Reveal());
        for (var position = 0; position < issued.Length; position++)
        {
            for (var value = 0; value < 256; value++)
            {
                if (issued[position] == value)
                    continue;
                byte[] changed = [.. issued];
                changed[position] = (byte)value;
                var wellFormed = TokenFormat.TrySplit(changed, out var prefix);
                // The checksum does not cover the prefix: a changed one belongs to another environment, or to none.
                Assert.True(!wellFormed || (position < "wdr_live".Length && !prefix.SequenceEqual("wdr_live"u8)));
            }
        }
    }

    [Fact]
    public void No_byte_can_be_left_out_or_put_in()
    {
        const string Prefix = "wdr_live";
        var issued = TokenFormat.Issue(Prefix, new SeededEntropy(2)).Reveal();
        for (var position = 0; position <= issued.Length; position++)
        {
            if (position < issued.Length)
                Assert.NotEqual(Prefix, Split(issued.Remove(position, 1)));
            foreach (var put in "0aZ_ \n\0-.é")
                Assert.NotEqual(Prefix, Split(issued.Insert(position, put.ToString())));
        }
    }

    [Fact]
    public void Neighbours_that_change_places_are_noticed()
    {
        var issued = TokenFormat.Issue("sk", new SeededEntropy(3)).Reveal();
        for (var i = "sk_".Length; i + 1 < issued.Length; i++)
        {
            if (issued[i] != issued[i + 1])
                Assert.Null(Split(issued[..i] + issued[i + 1] + issued[i] + issued[(i + 2)..]));
        }
    }

    [Fact]
    public void Any_bytes_whatever_get_an_answer_and_no_prefix_when_refused()
        => Prop.ForAll(Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf().Resize(120).ToArbitrary(), bytes =>
            !TokenFormat.TrySplit(bytes, out var prefix) && prefix.IsEmpty).QuickCheckThrowOnFailure();

    [Fact]
    public void A_good_body_does_not_excuse_a_bad_prefix()
    {
        const string Body = "_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
        Assert.Null(Split(Body));
        Assert.Null(Split(Body[1..]));
        Assert.Null(Split("A" + Body));
        Assert.Null(Split("1a" + Body));
        Assert.Null(Split("_" + Body));
        Assert.Null(Split("a-b" + Body));
        Assert.Null(Split("é" + Body));
        Assert.Null(Split(new string('a', 33) + Body));
        Assert.Equal(new string('a', 32), Split(new string('a', 32) + Body));
        Assert.Equal("a_", Split("a_" + Body));
    }

    [Fact]
    public void Prefixes_follow_their_grammar()
    {
        Assert.All(["a", "wdr_live", "wdrm", "a_", "a1_b2", new string('z', 32)], text => Assert.True(TokenFormat.IsPrefix(text)));
        Assert.All(
            [null, "", "_a", "1a", "A", "aB", "a-b", "a b", "é", "a\0", new string('z', 33)],
            text => Assert.False(TokenFormat.IsPrefix(text)));
    }

    [Fact]
    public void A_wrong_prefix_is_never_issued()
        => Assert.Throws<ArgumentException>(() => TokenFormat.Issue("Bad", Entropy.System));

    [Fact]
    public void A_generator_that_gives_nothing_usable_is_an_error_and_not_an_endless_loop()
        => Assert.Throws<CryptographicException>(() => TokenFormat.Issue("a", new ConstantEntropy(255)));

    [Fact]
    public void Every_digit_is_as_likely_as_another()
    {
        const int Tokens = 20_000;
        var counts = new int[128];
        var entropy = new SeededEntropy(4);
        for (var i = 0; i < Tokens; i++)
        {
            foreach (var c in TokenFormat.Issue("a", entropy).Reveal().AsSpan(2, TokenFormat.RandomLength))
                counts[c]++;
        }

        // About 9,677 of each, with a deviation of 98. Taking bytes modulo 62 would make eight digits a quarter more frequent.
        var expected = Tokens * TokenFormat.RandomLength / 62.0;
        Assert.All(counts.Where(count => count > 0), count => Assert.InRange(count, expected * 0.93, expected * 1.07));
        Assert.Equal(62, counts.Count(count => count > 0));
    }

    [Fact]
    public void Splitting_allocates_nothing()
    {
        var token = "wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"u8.ToArray();
        TokenFormat.TrySplit(token, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        TokenFormat.TrySplit(token, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", "wdr_live_...Lq17")]
    [InlineData("sk-imported-0123456789abcdef", "...cdef")]
    [InlineData("secret_part_secret_part_more", "...more")]
    [InlineData("short_secret", "...")]
    [InlineData("", "...")]
    public void What_is_shown_of_a_token_is_its_prefix_and_four_characters(string token, string shown)
        => Assert.Equal(shown, TokenFormat.Obfuscate(new SecretString(token)));

    private static string? Split(string token)
        => TokenFormat.TrySplit(Encoding.UTF8.GetBytes(token), out var prefix) ? Encoding.UTF8.GetString(prefix) : null;

    private static uint BitByBit(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
