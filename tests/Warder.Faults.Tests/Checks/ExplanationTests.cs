using Warder.Faults.Checks;

namespace Warder.Faults.Tests.Checks;

public sealed class ExplanationTests
{
    private const long Horizon = 9;
    private const int Histories = 12_000;

    [Fact]
    public void The_search_agrees_with_exhaustion_on_small_random_histories_of_a_cell()
        => Agree(CellModel.One, CellOperation, random => new Question(random.Next(4) / 3, random.Next(2), random.Next(2) == 0));

    [Fact]
    public void The_search_agrees_with_exhaustion_on_small_random_histories_of_a_register_that_refuses()
        => Agree(new Register(), random => random.Next(12), _ => 0);

    [Theory]
    [InlineData(Code.Suspended, 21, 22, true)]
    [InlineData(Code.Allowed, 21, 22, false)] // Begun after the return.
    [InlineData(Code.Allowed, 20, 22, true)]
    [InlineData(Code.Suspended, 5, 9, false)] // Over before the call.
    [InlineData(Code.Suspended, 5, 10, true)]
    [InlineData(Code.Allowed, 5, 9, true)]
    [InlineData(Code.Revoked, 12, 15, false)]
    public void What_a_return_proves(Code code, long requested, long answered, bool explained)
        => Assert.Equal(
            explained,
            IsExplained([new(new Operation(OperationKind.Suspend), 10, 20)], new Answer<Question>(Plain, code, requested, answered)));

    [Fact]
    public void Before_the_return_the_old_state_may_follow_the_new_one()
        => Assert.True(IsExplained(
            [new(new Operation(OperationKind.Suspend), 10, 20)], new(Plain, Code.Suspended, 11, 12), new(Plain, Code.Allowed, 13, 14),
            new(Plain, Code.Suspended, 15, 16)));

    [Fact]
    public void A_call_that_never_returned_forbids_nothing_and_explains_what_comes_after_its_begin()
    {
        Change<Operation>[] changes = [new(new Operation(OperationKind.Suspend), 10, Change<Operation>.Never)];

        Assert.True(
            IsExplained(changes, new(Plain, Code.Allowed, 90, 91), new(Plain, Code.Suspended, 92, 93), new(Plain, Code.Allowed, 94, 95)));
        Assert.False(IsExplained(changes, new Answer<Question>(Plain, Code.Suspended, 8, 9)));
    }

    [Fact]
    public void A_node_that_is_ahead_of_one_change_and_behind_another_is_found()
    {
        // Resumed while its owner is inactive: no state in between allows it.
        Change<Operation>[] changes = [
            new(new Operation(OperationKind.Suspend), 1, 2), new(new Operation(OperationKind.Deactivate), 3, 4),
            new(new Operation(OperationKind.Resume), 5, 6)];

        Assert.True(IsExplained(changes, new Answer<Question>(Plain, Code.OwnerInactive, 5, 7)));
        Assert.False(IsExplained(changes, new Answer<Question>(Plain, Code.Allowed, 5, 7)));
    }

    [Fact]
    public void Of_two_concurrent_rotations_one_was_the_last()
    {
        Change<Operation>[] changes =
            [new(new Operation(OperationKind.RotateAtOnce, Secret: 1), 1, 10), new(
                new Operation(OperationKind.RotateAtOnce, Secret: 2), 2, 9)];
        Answer<Question> Of(int secret, Code code) => new(new Question(0, secret, false), code, 20, 21);

        Assert.True(IsExplained(changes, Of(0, Code.Expired), Of(1, Code.Allowed), Of(2, Code.Expired)));
        Assert.True(IsExplained(changes, Of(0, Code.Expired), Of(1, Code.Expired), Of(2, Code.Allowed)));
        Assert.False(IsExplained(changes, Of(1, Code.Allowed), Of(2, Code.Allowed)));
        Assert.False(IsExplained(changes, Of(1, Code.Expired), Of(2, Code.Expired)));
    }

    [Fact]
    public void An_answer_that_says_gone_promises_that_it_is()
    {
        Change<Operation> revoke = new(new Operation(OperationKind.Revoke), 1, Change<Operation>.Never), gone = new(
            new Operation(OperationKind.Suspend, Gone: true), 5, 6);

        Assert.True(IsExplained([revoke, gone], new Answer<Question>(Plain, Code.Revoked, 7, 8)));
        Assert.False(IsExplained([revoke, gone], new Answer<Question>(Plain, Code.Allowed, 7, 8)));
        Assert.False(IsExplained([gone]));
    }

    [Fact]
    public void A_long_history_with_many_concurrent_changes_and_two_unknown_ones_is_searched_at_once()
    {
        List<Change<Operation>> changes = [
            new(new Operation(OperationKind.Suspend), 3, Change<Operation>.Never),
            new(new Operation(OperationKind.Resume), 50, Change<Operation>.Never)];
        OperationKind[] toggles =
            [OperationKind.Suspend, OperationKind.NarrowRole, OperationKind.LowerRole, OperationKind.Suspend, OperationKind.WidenRole,
                OperationKind.Deactivate, OperationKind.Reactivate];
        for (var i = 0; changes.Count < Explanation<Operation, Question>.MaxChanges; i++)
            changes.Add(new(new Operation(toggles[i % toggles.Length]), 10 * i, (10 * i) + 25));
        List<Answer<Question>> answers = [.. Enumerable.Range(0, 600).Select(i => new Answer<Question>(Plain, Code.Suspended, i, i + 30))];
        answers.RemoveAll(answer => answer.Answered < 3);

        Assert.True(IsExplained(changes, [.. answers]));
        Assert.False(IsExplained(changes, [.. answers, new Answer<Question>(Plain with { Key = 1 }, Code.Suspended, 300, 301)]));
    }

    private static Question Plain => new(CellModel.MemberKey, 0, false);

    private static bool IsExplained(IReadOnlyList<Change<Operation>> changes, params Answer<Question>[] answers)
        => Explanation<Operation, Question>.Missing(CellModel.One, changes, answers) is null;

    private static Operation CellOperation(Random random)
    {
        OperationKind[] kinds =
        [
            OperationKind.Suspend, OperationKind.Resume, OperationKind.NarrowKey, OperationKind.WidenKey, OperationKind.RotateAtOnce,
            OperationKind.RotateWithOverlap, OperationKind.Revoke, OperationKind.Expire,
            OperationKind.Delete, OperationKind.NarrowRole, OperationKind.Deactivate, OperationKind.Reactivate,
            OperationKind.DeleteMembership, OperationKind.DeleteUser, OperationKind.DeleteOrganization,
        ];
        return new Operation(kinds[random.Next(kinds.Length)], random.Next(4) / 3, random.Next(3), random.Next(10) == 0);
    }

    private static void Agree<TOperation, TQuestion>(
        Model<TOperation, TQuestion> model, Func<Random, TOperation> operation, Func<Random, TQuestion> question)
    {
        var (accepted, rejected) = (0, 0);
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = new RandomHistory<TOperation, TQuestion>(new Random(seed), model, operation, question, Horizon);
            var expected = Exhaustion.Explains(model, history.Changes, history.Answers, Horizon);
            var found = Explanation<TOperation, TQuestion>.Missing(model, history.Changes, history.Answers) is null;

            Assert.True(
                expected == found, $"Seed {seed}: {(expected ? "can" : "cannot")} be explained, and the search disagrees.\n{history}");
            _ = expected ? accepted++ : rejected++;
        }

        // Agreement on one kind of verdict only would prove little.
        Assert.True(accepted > Histories / 8 && rejected > Histories / 8, $"{accepted} accepted, {rejected} rejected");
    }

    /// <summary>A register of four values; some operations set it, and some only change one given value into another.</summary>
    private sealed class Register : Model<int, int>
    {
        public override ulong Initial => 0;

        public override ulong? After(ulong state, int operation)
            => operation < 4 ? (ulong)operation : (ulong)(operation % 4) == state ? (ulong)((operation / 4) + operation) % 4 : null;

        public override Code CodeOf(ulong state, int question) => (Code)state;
    }
}
