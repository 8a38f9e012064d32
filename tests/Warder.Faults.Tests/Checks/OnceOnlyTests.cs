using Warder.Faults.Checks;

namespace Warder.Faults.Tests.Checks;

public sealed class OnceOnlyTests
{
    private const int Histories = 20_000;
    private const long Horizon = 9;

    /// <summary>The exact test agrees with the general one, for keys that end once: a comparison replaces the search.</summary>
    [Fact]
    public void The_exact_test_agrees_with_exhaustion_on_small_random_histories()
    {
        var (accepted, rejected) = (0, 0);
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = new RandomHistory<int, int>(new Random(seed), new EndingSubject(), _ => 0, _ => 0, Horizon);
            var expected = Exhaustion.Explains(new EndingSubject(), history.Changes, history.Answers, Horizon);

            Assert.True(expected == OnceOnly.Find(history.Changes, history.Answers) is null, $"Seed {seed}\n{history}");
            _ = expected ? accepted++ : rejected++;
        }

        Assert.True(accepted > Histories / 10 && rejected > Histories / 10, $"{accepted} accepted, {rejected} rejected");
    }

    [Fact]
    public void A_denial_is_no_proof_before_the_return()
    {
        Change<int>[] endings = [new(0, 10, 20)];
        Answer<int>[] answers = [
            new(0, Code.Revoked, 11, 12), new(0, Code.Allowed, 13, 14), new(0, Code.Allowed, 20, 25), new(0, Code.Revoked, 21, 22)];

        Assert.Null(OnceOnly.Find(endings, answers));
    }

    [Fact]
    public void An_allowed_validation_that_began_after_the_first_return_is_found()
    {
        Change<int>[] endings = [new(0, 10, 40), new(0, 12, 30), new(0, 5, Change<int>.Never)];

        Assert.Equal(
            31, OnceOnly.Find(
                endings, [new Answer<int>(0, Code.Allowed, 30, 45), new Answer<int>(0, Code.Allowed, 31, 45)])?.Answer.Requested);
    }

    [Fact]
    public void A_denial_that_was_over_before_anything_was_called_is_found()
    {
        Change<int>[] endings = [new(0, 10, 40), new(0, 5, Change<int>.Never)];

        Assert.Null(OnceOnly.Find(endings, [new Answer<int>(0, Code.Expired, 1, 5)]));
        Assert.NotNull(OnceOnly.Find(endings, [new Answer<int>(0, Code.Expired, 1, 4)]));
        Assert.NotNull(OnceOnly.Find<int, int>([], [new Answer<int>(0, Code.Revoked, 1, 4)]));
    }

    [Theory]
    [InlineData(Code.NotFound)]
    [InlineData(Code.Suspended)]
    [InlineData(Code.Unknown)]
    public void A_key_that_was_issued_is_there(Code code)
        => Assert.NotNull(OnceOnly.Find<int, int>([], [new Answer<int>(0, code, 1, 4)]));

    private sealed class EndingSubject : Model<int, int>
    {
        public override ulong Initial => 0;

        public override ulong? After(ulong state, int operation) => 1;

        public override Code CodeOf(ulong state, int question) => state == 0 ? Code.Allowed : Code.Revoked;
    }
}
