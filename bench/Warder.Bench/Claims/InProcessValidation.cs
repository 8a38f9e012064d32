using System.Diagnostics;
using System.Security.Cryptography;
using Warder.Bench.Data;
using Warder.Core.Time;
using Warder.Core.Verification;

namespace Warder.Bench.Claims;

/// <summary>
/// Measures a validation from memory (name the token, read the clock, look up, decide, note the use) against one SHA-256 of the same token:
/// the minimum cost of a cache that is indexed by digest. It measures the cache alone; <see cref="ReplicaValidation"/> includes the lease.
/// </summary>
internal sealed class InProcessValidation : Claim
{
    private const int Operations = 400_000;
    private int allowed;

    public override string Name => "in-process";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var (hot, hotNote, bytes) = Run(new MemoryKeys(1_000), bench.Rounds(21));
        var (uniform, uniformNote, moreBytes) = Run(new MemoryKeys(1_000_000), bench.Rounds(21));
        yield return new Row("in-process hit, 1,000 keys, / SHA-256 (the cache alone)", hot, 0.4, 0.15) { Note = hotNote };
        yield return new Row("in-process hit, 1,000,000 keys, uniform, / SHA-256", uniform, 1.0, 0.4) { Note = uniformNote };
        var (apart, apartNote, _) = Run(new MemoryKeys(1_000_000, keysAnOrganization: 1), bench.Rounds(21));
        // The processor's caches hold no shared state either.
        yield return new Row("in-process hit, the same, an owner for each key", apart, null, null) { Note = apartNote };
        yield return new Row("in-process hit: bytes allocated", bytes + moreBytes, 0, 0) { Unit = " B" };
    }

    private (double Ratio, string Note, long Bytes) Run(MemoryKeys keys, int rounds)
    {
        var order = new int[Operations];
        var random = new Random(1);
        for (var i = 0; i < order.Length; i++)
            order[i] = random.Next(keys.Count);
        Validate(keys, order);
        Hash(keys, order);
        // The second pass runs compiled code.
        Validate(keys, order);
        Hash(keys, order);
        Thread.Sleep(200);
        var ratios = new List<double>();
        var validations = new List<double>();
        var hashes = new List<double>();
        long bytes = 0;
        for (var round = 0; round < rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var validation = Time(() => Validate(keys, order));
            bytes = Math.Max(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
            var hash = Time(() => Hash(keys, order));
            ratios.Add(validation / hash);
            validations.Add(validation);
            hashes.Add(hash);
        }

        if (allowed == 0)
            throw new InvalidOperationException("Nothing was allowed.");
        // The lambda and the stopwatch, divided by the operations, cost nothing.
        return (ratios.Median(), $"{validations.Median():0} ns against {hashes.Median():0} ns", bytes / Operations);
    }

    private void Validate(MemoryKeys keys, int[] order)
    {
        var cache = keys.Cache;
        foreach (var index in order)
        {
            var request = new ValidationRequest(1, default);
            if (cache.TryDecide(cache.TagOf(keys.Token(index), 1), request, Clock.System.Now(), out var decision) && decision.Allow)
                allowed++;
        }
    }

    private static void Hash(MemoryKeys keys, int[] order)
    {
        Span<byte> digest = stackalloc byte[32];
        foreach (var index in order)
            SHA256.HashData(keys.Token(index), digest);
    }

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / Operations;
    }
}
