using Warder.Bench.Data;

namespace Warder.Bench.Claims;

/// <summary>What one key takes in memory: a million of them, all that they refer to included, the tokens not.</summary>
internal sealed class CachedKeyMemory : Claim
{
    private const int Keys = 1_000_000;
    private const int TokenBytes = 45;

    public override string Name => "memory";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var keys = new MemoryKeys(Keys);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        var each = ((double)(after - before) / Keys) - TokenBytes;
        GC.KeepAlive(keys);
        yield return new Row("memory per cached key", each, 320, 240) { Unit = " B" };
    }
}
