using System.Diagnostics;
using Warder.Faults.Checks;
using Warder.Faults.Lanes;
using Warder.Faults.Load;

namespace Warder.Faults.Tests.Load;

public sealed class FoldingTests
{
    private const int Histories = 6000, Steps = 120, LaneCount = 2, Application = 1;
    private static readonly Code[] Codes = [Code.Allowed, Code.Allowed, Code.Allowed, Code.Revoked];

    /// <summary>Folding loses no proof, in either process: the dropped answers prove nothing that the kept ones do not.</summary>
    [Fact]
    public void A_folded_history_is_judged_as_the_whole_one_is()
    {
        var (accepted, rejected, kept, all) = (0, 0, 0, 0);
        using var folder = new Folder();
        for (var seed = 0; seed < Histories; seed++)
        {
            var random = new Random(seed);
            var subject = new EndingSubject("org_1", ["api_key_1"], folder.Epochs);
            var target = new Target(subject, default, "a_b", null, LaneCount);
            subject.Add(target);
            List<Answer<Question>> whole = [];
            List<Change<Operation>> changes = Play(random, subject, target, whole);

            var sound = OnceOnly.Find(changes, whole) is null;
            Assert.True(sound == subject.Judge() is null, $"Seed {seed}");
            _ = sound ? accepted++ : rejected++;
            subject.Forget();
            kept += target.Sightings.Count();
            all += whole.Count;
        }

        Assert.True(accepted > Histories / 10 && rejected > Histories / 10, $"{accepted} accepted, {rejected} rejected");
        Assert.True(kept < all / 2, $"{kept} kept of {all}");
    }

    // Calls and validations begin and end in any order; the key's ending returns at one time, around which some answers are wrong.
    private static List<Change<Operation>> Play(Random random, Subject subject, Target target, List<Answer<Question>> whole)
    {
        List<Call> calls = [];
        List<(Call Call, long At)> returning = [];
        var inApplication = new Streaks();
        List<(int Lane, int Epoch, long Requested)> requested = [];
        var ended = random.Next(Steps);
        for (var step = 0; step < Steps; step++)
        {
            switch (random.Next(10))
            {
                case 0 when step > ended - 10 && calls.Count < 2:
                    calls.Add(subject.Begin(new Operation(OperationKind.Revoke), "node1"));
                    break;
                case 1 when calls.Find(call => call.Outcome is null && returning.TrueForAll(one => one.Call != call)) is { } call
                    && step > ended:
                    if (random.Next(4) == 0)
                        subject.Lose(call, "no answer");
                    else
                        returning.Add((call, Stopwatch.GetTimestamp()));
                    break;
                case < 6:
                    requested.Add((random.Next(LaneCount), subject.BeginValidation(), Stopwatch.GetTimestamp()));
                    break;
                case var _ when requested.Count > 0:
                    var (lane, epoch, at) = requested[0];
                    requested.RemoveAt(0);
                    var code = random.Next(60) == 0 ? Codes[random.Next(Codes.Length)] : step > ended ? Code.Revoked : Code.Allowed;
                    var answer = new Answer<Question>(default, code, at, Stopwatch.GetTimestamp());
                    whole.Add(answer);
                    if (lane == Application)
                        inApplication.Add(epoch, subject.Epoch, code, at, answer.Answered);
                    else
                        target.Enter(lane, "node1", epoch, code, at, answer.Answered);
                    break;
            }

            // A return is entered some time after it happened.
            if (random.Next(25) == 0 || step == Steps - 1)
            {
                returning.ForEach(one => subject.Return(one.Call, one.Call.Operation, one.At, "200"));
                returning.Clear();
            }

            if (random.Next(6) == 0 || step == Steps - 1)
                Report(target, ref inApplication);
        }

        return [.. calls.Select(call => call.Change)];
    }

    // In the encoding of a connection.
    private static void Report(Target target, ref Streaks inApplication)
    {
        var report = new Warder.Faults.Lanes.Report(1, true, 0, [.. inApplication.All.Select(streak => (0, streak))]);
        foreach (var (_, streak) in Warder.Faults.Lanes.Report.Read(report.Write().AsMemory(sizeof(int))).Answers)
            target.Enter(Application, "replica1", streak);
        inApplication = new Streaks();
    }
}
