using Warder.Bench.Data;

namespace Warder.Bench.Claims;

/// <summary>Measures the memory of one key: a million of them, with everything that they refer to, without the tokens.</summary>
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
