using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Warder.Core.Rates;

/// <summary>
/// One rate for each of many subjects. The number of subjects in memory is bounded. At the bound, subjects without recent requests are
/// removed. When none can be removed, new subjects share one state: a flood of subjects is limited as one.
/// </summary>
/// <typeparam name="TSubject">The key type of a subject.</typeparam>
/// <remarks>Thread-safe.</remarks>
public sealed class RateTable<TSubject>
    where TSubject : notnull
{
    private const long BetweenSweepsMicroseconds = 100_000;

    private readonly Rate rate;
    private readonly int capacity;
    private readonly ConcurrentDictionary<TSubject, StrongBox<long>> states = new();
    private readonly StrongBox<long> shared = new();
    private long sweptMicroseconds = long.MinValue / 2;
    private int count;

    /// <summary>An empty table.</summary>
    /// <param name="rate">The rate of each subject.</param>
    /// <param name="capacity">The most subjects in memory.</param>
    public RateTable(Rate rate, int capacity)
    {
        ArgumentNullException.ThrowIfNull(rate);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (this.rate, this.capacity) = (rate, capacity);
    }

    /// <summary>Subjects in memory.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Takes one request of a subject: see <see cref="Rate.Take"/>.</summary>
    public long Take(TSubject subject, long nowMicroseconds) => rate.Take(ref StateOf(subject, nowMicroseconds).Value, nowMicroseconds);

    /// <summary>Computes the wait before a request of a subject is within its rate. Takes nothing, and keeps no state.</summary>
    public long WaitFor(TSubject subject, long nowMicroseconds)
        => states.TryGetValue(subject, out var state) ? rate.WaitFor(Volatile.Read(ref state.Value), nowMicroseconds)
            : Count < capacity ? 0 : rate.WaitFor(Volatile.Read(ref shared.Value), nowMicroseconds);

    private StrongBox<long> StateOf(TSubject subject, long nowMicroseconds)
    {
        if (states.TryGetValue(subject, out var state))
            return state;
        if (Count >= capacity)
            Sweep(nowMicroseconds);
        if (Count >= capacity)
            return shared;
        state = new StrongBox<long>();
        if (!states.TryAdd(subject, state))
            return states.TryGetValue(subject, out var other) ? other : shared;
        Interlocked.Increment(ref count);
        return state;
    }

    // The cost of a sweep grows with the table: it runs at most ten times a second.
    private void Sweep(long nowMicroseconds)
    {
        var last = Volatile.Read(ref sweptMicroseconds);
        if (nowMicroseconds - last < BetweenSweepsMicroseconds
            || Interlocked.CompareExchange(ref sweptMicroseconds, nowMicroseconds, last) != last)
            return;
        foreach (var (subject, state) in states)
        {
            if (Rate.IsIdle(Volatile.Read(ref state.Value), nowMicroseconds) && states.TryRemove(subject, out _))
                Interlocked.Decrement(ref count);
        }
    }
}
