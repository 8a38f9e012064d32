using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Tests.Secrets;
using Warder.Core.Time;

namespace Warder.Core.Tests.Ids;

public sealed class IdTests
{
    private static readonly Gen<UInt128> Bodies =
        from bytes in Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf(16)
        select System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);

    private static readonly Gen<long> Times = Gen.Choose(0, int.MaxValue).Select(i => i * (Instant.Max.UnixMilliseconds / int.MaxValue));

    [Fact]
    public void Ids_round_trip_as_text_and_as_bytes()
        => Prop.ForAll(Bodies.ToArbitrary(), Gen.Elements(Enum.GetValues<IdKind>()).ToArbitrary(), (body, kind) =>
        {
            var text = Id.Format(kind, body);
            Span<byte> bytes = stackalloc byte[64];
            var length = Id.Format(kind, body, bytes);
            return Id.TryParse(kind, text, out var read) && read == body && Encoding.ASCII.GetString(bytes[..length]) == text;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Ids_sort_by_the_time_of_their_making()
        => Prop.ForAll(Times.ToArbitrary(), Times.ToArbitrary(), (a, b) =>
        {
            var earlier = Id.New(IdKind.ApiKey, new Instant(Math.Min(a, b)), Entropy.System);
            var later = Id.New(IdKind.ApiKey, new Instant(Math.Max(a, b) + 1), Entropy.System);
            return string.CompareOrdinal(earlier, later) < 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Texts_sort_as_their_numbers_do()
        => Prop.ForAll(Bodies.ToArbitrary(), Bodies.ToArbitrary(), (a, b) =>
            Math.Sign(string.CompareOrdinal(Id.Format(IdKind.User, a), Id.Format(IdKind.User, b))) == a.CompareTo(b))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Ids_are_UUIDs_of_version_7_that_hold_their_millisecond()
    {
        var body = Id.Parse(IdKind.Event, Id.New(IdKind.Event, new Instant(0x0123_4567_89AB), new SeededEntropy(12)));
        Assert.Equal(0x0123_4567_89ABu, (ulong)(body >> 80));
        Assert.Equal(7u, (uint)(body >> 76) & 0xF);
        Assert.Equal(2u, (uint)(body >> 62) & 0x3);
    }

    [Fact]
    public void A_time_before_1970_counts_as_1970()
        => Assert.True(string.CompareOrdinal(
            Id.New(IdKind.User, new Instant(-1), Entropy.System), Id.New(IdKind.User, new Instant(1), Entropy.System)) < 0);

    [Fact]
    public void Two_ids_of_one_millisecond_differ()
        => Assert.NotEqual(Id.New(IdKind.User, default, Entropy.System), Id.New(IdKind.User, default, Entropy.System));

    [Fact]
    public void Another_kinds_id_is_refused()
    {
        foreach (var kind in Enum.GetValues<IdKind>())
        {
            var text = Id.New(kind, new Instant(1), Entropy.System);
            Assert.All(Enum.GetValues<IdKind>(), other => Assert.Equal(other == kind, Id.Is(other, text)));
        }
    }

    [Fact]
    public void No_two_kinds_share_a_prefix()
    {
        var prefixes = Enum.GetValues<IdKind>().Select(Id.Prefix).ToArray();
        Assert.Equal(prefixes.Length, prefixes.Distinct().Count());
        Assert.All(prefixes, prefix => Assert.EndsWith("_", prefix));
    }

    [Fact]
    public void There_is_one_spelling_of_an_id()
        => Prop.ForAll(Bodies.ToArbitrary(), Gen.Choose(0, 33).ToArbitrary(), Gen.Choose(0, 0x2FF).ToArbitrary(), (body, at, put) =>
        {
            var text = Id.Format(IdKind.ApiKey, body);
            var changed = text[..at] + (char)put + text[(at + 1)..];
            // A changed text that still parses is another id, and is written as the changed text.
            return !Id.TryParse(IdKind.ApiKey, changed, out var read) ? read == 0 : Id.Format(IdKind.ApiKey, read) == changed;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("user_7ZZZZZZZZZZZZZZZZZZZZZZZZZ", true)]
    [InlineData("user_8ZZZZZZZZZZZZZZZZZZZZZZZZZ", false)] // over 128 bits
    [InlineData("user_7zzzzzzzzzzzzzzzzzzzzzzzzz", false)]
    [InlineData("User_7ZZZZZZZZZZZZZZZZZZZZZZZZZ", false)]
    [InlineData("user_0000000000000000000000000O", false)] // O, I, L and U are not digits
    [InlineData("user_0000000000000000000000000I", false)]
    [InlineData("user_0000000000000000000000000L", false)]
    [InlineData("user_0000000000000000000000000U", false)]
    [InlineData("user_000000000000000000000000é0", false)]
    [InlineData("user_0000000000000000000000000", false)]
    [InlineData("user_000000000000000000000000000", false)]
    [InlineData(" user_00000000000000000000000000", false)]
    [InlineData("user_", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_the_canonical_text_is_an_id(string? text, bool good) => Assert.Equal(good, Id.Is(IdKind.User, text));

    [Fact]
    public void Any_text_gets_an_answer()
        => Prop.ForAll<string>(text => !Id.Is(IdKind.Request, text)).QuickCheckThrowOnFailure();
}
