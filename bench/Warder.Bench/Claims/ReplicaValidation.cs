using System.Diagnostics;
using System.Security.Cryptography;
using Warder.Bench.Replicas;
using Warder.Client;
using Warder.Client.Replicas;

namespace Warder.Bench.Claims;

/// <summary>
/// A validation inside the application, its lease looked at and its use noted, against one SHA-256 of the same token on as many threads:
/// what a cache that is indexed by digest would pay before it had looked at anything. One at a time, and many in one call.
/// </summary>
internal sealed class ReplicaValidation : Claim
{
    private const int Operations = 400_000;
    private const int Together = 400;

    public override string Name => "replica/validation";

    public override IEnumerable<Row> Measure(Bench bench) => [.. Of(bench, 1_000, 0.4, 0.15), .. Of(bench, 1_000_000, 1.0, 0.4)];

    private static IEnumerable<Row> Of(Bench bench, int count, double bar, double aim)
    {
        using var keys = new FollowedKeys(bench.Database(count), count);
        var random = new Random(1);
        var order = Enumerable.Range(0, Operations).Select(_ => random.Next(count)).ToArray();
        var presented = order.Select(index => keys.Presented[index]).ToArray();
        var asked = keys.QuestionsAtServer;
        for (var threads = 1; threads <= 2; threads++)
        {
            var rounds = Enumerable.Range(-2, bench.Rounds(15) + 2).Select(_ => (
                One: Time(keys, threads, () => One(keys, order)), Many: Time(keys, threads, () => Many(keys, presented)), Hash: Time(keys, threads, () => Hash(keys, order)))).Skip(2).ToList();
            var what = $"{count:N0} keys, {threads} thread{(threads > 1 ? "s" : "")}";
            Row Row(string way, Func<(Timed One, Timed Many, Timed Hash), Timed> figure)
                => new($"replica hit, {way}, {what}, / SHA-256", rounds.Select(round => figure(round).Nanoseconds / round.Hash.Nanoseconds).Median(), bar, aim)
                {
                    Note = $"{rounds.Select(round => figure(round).Nanoseconds).Median():0} ns against {rounds.Select(round => round.Hash.Nanoseconds).Median():0} ns",
                };
            yield return Row("one at a time", static round => round.One);
            yield return Row("many in one call", static round => round.Many);
            yield return new Row($"replica hit: bytes allocated, {what}", rounds.Max(static round => Math.Max(round.One.Bytes, round.Many.Bytes)), 0, 0) { Unit = " B" };
        }

        yield return new Row($"replica hits: questions that came to the server, {count:N0} keys", keys.QuestionsAtServer - asked, 0, 0) { Unit = "" };
        if (count >= 1_000_000)
            yield return new Row("replica: memory per cached key", keys.BytesPerKey, 320, 240) { Unit = " B" };
    }

    private static bool One(FollowedKeys keys, int[] order)
    {
        foreach (var index in order)
        {
            if (!keys.Verifier.TryValidate(keys.Token(index), RequiredPermissions.None, out var decision))
                return false;
            if (!decision.IsAllowed)
                throw new InvalidOperationException("A good key was denied.");
        }

        return true;
    }

    private static bool Many(FollowedKeys keys, PresentedToken[] presented)
    {
        Span<KeyDecision> decisions = Decisions ??= new KeyDecision[Together];
        for (var from = 0; from < presented.Length; from += Together)
        {
            if (!keys.Verifier.TryValidateMany(presented.AsSpan(from, Together), decisions))
                return false;
            foreach (ref var decision in decisions)
            {
                if (!decision.IsAllowed)
                    throw new InvalidOperationException("A good key was denied.");
            }
        }

        return true;
    }

    private static bool Hash(FollowedKeys keys, int[] order)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var index in order)
            SHA256.HashData(keys.Token(index), digest);
        return true;
    }

    [ThreadStatic]
    private static KeyDecision[]? Decisions;

    private readonly record struct Timed(double Nanoseconds, long Bytes);

    // Where others have the machine for longer than a lease, it is over, and that is no hit: then it is measured once more.
    private static Timed Time(FollowedKeys keys, int threads, Func<bool> work)
    {
        while (true)
        {
            keys.AwaitLease();
            if (TryTime(threads, work) is { } timed)
                return timed;
            Console.Error.WriteLine("  the lease was over: once more …");
        }
    }

    // On so many threads at once, each with all of the work.
    private static Timed? TryTime(int threads, Func<bool> work)
    {
        using var start = new Barrier(threads + 1);
        using var end = new Barrier(threads + 1);
        long bytes = 0;
        var isWhole = true;
        void Run()
        {
            start.SignalAndWait();
            var before = GC.GetAllocatedBytesForCurrentThread();
            if (!work())
                isWhole = false;
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            end.SignalAndWait();
            Interlocked.Add(ref bytes, allocated / Operations);
        }

        var running = Enumerable.Range(0, threads).Select(_ => new Thread(Run)).ToList();
        running.ForEach(static thread => thread.Start());
        start.SignalAndWait();
        var began = Stopwatch.GetTimestamp();
        end.SignalAndWait();
        var elapsed = Stopwatch.GetElapsedTime(began);
        running.ForEach(static thread => thread.Join());
        return !isWhole ? null : new Timed(elapsed.TotalNanoseconds / Operations, bytes);
    }
}
