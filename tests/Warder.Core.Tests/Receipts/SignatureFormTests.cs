using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Warder.Core.Receipts;

namespace Warder.Core.Tests.Receipts;

/// <summary>A signed text has one form: without the key, no other form of it can be made.</summary>
public sealed class SignatureFormTests
{
    private const string Type = "test+jwt";

    [Fact]
    public void Signatures_have_the_lower_s_and_their_twins_are_refused()
    {
        var key = SigningKey.Create();
        for (var i = 0; i < 64; i++)
        {
            var jws = key.Sign(Type, Encoding.ASCII.GetBytes($"{i}"));
            var signature = Base64Url.DecodeFromChars(jws.AsSpan(jws.LastIndexOf('.') + 1));
            Assert.True(LowS.Is(signature));
            Assert.NotNull(VerificationKey.Open(Type, jws, [key.Public]));

            LowS.Negate(signature);
            Assert.False(LowS.Is(signature));
            var twin = jws[..(jws.LastIndexOf('.') + 1)] + Base64Url.EncodeToString(signature);
            Assert.Null(VerificationKey.Open(Type, twin, [key.Public]));

            LowS.Normalize(signature);
            Assert.Equal(jws, jws[..(jws.LastIndexOf('.') + 1)] + Base64Url.EncodeToString(signature));
        }
    }

    [Fact]
    public void Published_signatures_are_taken_and_refused_as_they_should_be_but_for_those_with_the_higher_s()
    {
        var file = TestVectors.Find("wycheproof", "testvectors_v1", "ecdsa_secp256r1_sha256_p1363_test.json");
        Assert.SkipWhen(file is null, "The test vectors are not there.");
        var (taken, higher) = (0, 0);
        using var document = JsonDocument.Parse(File.ReadAllBytes(file!));
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var point = Convert.FromHexString(group.GetProperty("publicKey").GetProperty("uncompressed").GetString()!);
            var key = VerificationKey.Of(Base64Url.EncodeToString(point.AsSpan(1, 32)), Base64Url.EncodeToString(point.AsSpan(33, 32)));
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var signature = Convert.FromHexString(test.GetProperty("sig").GetString()!);
                var isValid = test.GetProperty("result").GetString() == "valid";
                var isHigher = isValid && !LowS.Is(signature);
                var found = key.HasSigned(Convert.FromHexString(test.GetProperty("msg").GetString()!), signature);
                Assert.True(found == (isValid && !isHigher), $"{test.GetProperty("tcId")} {test.GetProperty("comment")}: {found}");
                (taken, higher) = (taken + (found ? 1 : 0), higher + (isHigher ? 1 : 0));
            }
        }

        Assert.Equal((103, 70), (taken, higher));
    }
}
