using System.Buffers.Binary;
using Warder.Core.Secrets;
using Warder.Core.Tests.Secrets;
using Warder.Core.Verification.Tags;

namespace Warder.Core.Tests.Verification.Tags;

public sealed class TokenTaggerTests
{
    private const string RfcKey = "2b7e151628aed2a6abf7158809cf4f3c";

    // RFC 4493, section 4.
    public static TheoryData<string, string> RfcVectors => new()
    {
        { "", "bb1d6929e95937287fa37d129b756746" },
        { "6bc1bee22e409f96e93d7e117393172a", "070a16b46b4d4144f79bdd9dd04a287c" },
        { "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411", "dfa66747de9ae63030ca32611497c827" },
        {
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
            + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
            "51f0bebf7e3b9d92fc49741779363cfe"
        },
    };

    [Theory]
    [MemberData(nameof(RfcVectors))]
    public void Tags_are_those_of_RFC_4493(string message, string tag)
    {
        var expected = BinaryPrimitives.ReadUInt128LittleEndian(Convert.FromHexString(tag));
        Assert.Equal(expected, new TokenTagger(Convert.FromHexString(RfcKey)).Tag(Convert.FromHexString(message)));
        Assert.Equal(expected, new PortableCmac(Convert.FromHexString(RfcKey)).Tag(Convert.FromHexString(message)));
    }

    [Fact]
    public void The_fast_and_the_portable_way_agree_at_every_length_and_alignment()
    {
        var entropy = new SeededEntropy(5);
        for (var round = 0; round < 4; round++)
        {
            var key = entropy.Bytes(TokenTagger.KeyBytes);
            var (fast, portable) = (new TokenTagger(key), new PortableCmac(key));
            for (var length = 0; length <= 300; length++)
            {
                // Surrounded by other bytes, which must not matter.
                var around = entropy.Bytes(length + 40);
                var message = around.AsSpan(round * 5, length);
                Assert.Equal(portable.Tag(message), fast.Tag(message));
            }
        }
    }

    [Fact]
    public void Every_bit_of_token_and_key_matters()
    {
        var key = new SeededEntropy(6).Bytes(TokenTagger.KeyBytes);
        var token = "wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"u8.ToArray();
        var seen = new HashSet<UInt128> { new TokenTagger(key).Tag(token) };
        for (var bit = 0; bit < token.Length * 8; bit++)
            Assert.True(seen.Add(new TokenTagger(key).Tag(Flipped(token, bit))));
        for (var bit = 0; bit < key.Length * 8; bit++)
            Assert.True(seen.Add(new TokenTagger(Flipped(key, bit)).Tag(token)));
    }

    [Fact]
    public void A_token_and_its_padded_form_have_different_tags()
    {
        var tagger = new TokenTagger(Entropy.System.Bytes(TokenTagger.KeyBytes));
        byte[] token = [1, 2, 3];
        Assert.NotEqual(tagger.Tag(token), tagger.Tag([1, 2, 3, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        Assert.NotEqual(tagger.Tag(token), tagger.Tag([1, 2, 3, 0]));
    }

    [Fact]
    public void A_key_of_another_length_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new TokenTagger(new byte[15]));
        Assert.Throws<ArgumentException>(() => new TokenTagger(new byte[32]));
    }

    [Fact]
    public void Tagging_allocates_nothing()
    {
        Assert.SkipUnless(AesBlock.IsSupported, "This processor has no AES instructions.");
        var tagger = new TokenTagger(Entropy.System.Bytes(TokenTagger.KeyBytes));
        var token = new byte[45];
        tagger.Tag(token);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var length = 0; length < token.Length; length++)
            tagger.Tag(token.AsSpan(0, length));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
