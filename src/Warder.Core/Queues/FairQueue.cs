namespace Warder.Core.Queues;

/// <summary>The bounds of a <see cref="FairQueue{T}"/>.</summary>
/// <param name="Waiting">How many items wait at most.</param>
/// <param name="WaitingOfEnvironment">How many of them are of one environment.</param>
/// <param name="WaitingOfKey">How many of them are of one key.</param>
public readonly record struct FairShares(int Waiting, int WaitingOfEnvironment, int WaitingOfKey)
{
    /// <summary>How many items of one environment are taken and not done at a time.</summary>
    public int RunningOfEnvironment { get; init; } = int.MaxValue;

    /// <summary>How many items of one key are taken and not done at a time.</summary>
    public int RunningOfKey { get; init; } = int.MaxValue;
}

/// <summary>
/// A bounded queue that environments share, and in each of them its keys: they take turns, one item a turn. Items of one key come out in
/// the order in which they came. An environment or a key that has its share waiting is refused; the others are not.
/// </summary>
/// <remarks>A mutable holder without a lock of its own: every member is called under its owner's.</remarks>
public sealed class FairQueue<T>(FairShares shares)
{
    private readonly Dictionary<int, Tenant> tenants = [];
    private readonly Queue<Tenant> turns = [];

    /// <summary>How many items wait.</summary>
    public int Count { get; private set; }

    /// <summary>Puts an item in. False when its key, its environment, or all together have as many waiting as they may.</summary>
    /// <param name="environment">The number of its environment.</param>
    /// <param name="key">What the environment's turns are shared by; empty: nothing in particular.</param>
    /// <param name="item">The item.</param>
    public bool TryAdd(int environment, string key, T item)
    {
        if (Count >= shares.Waiting)
            return false;
        if (!tenants.TryGetValue(environment, out var tenant))
            tenants.Add(environment, tenant = new Tenant(environment));
        if (!tenant.TryAdd(key, item, shares))
            return false;
        Count++;
        if (tenant.Waiting == 1)
            turns.Enqueue(tenant);
        return true;
    }

    /// <summary>Takes the next item whose environment and key may have one more taken. False when there is none.</summary>
    public bool TryTake(out T item)
    {
        for (var left = turns.Count; left > 0; left--)
        {
            var tenant = turns.Dequeue();
            var taken = tenant.TryTake(shares, out item);
            if (tenant.Waiting > 0)
                turns.Enqueue(tenant);
            if (!taken)
                continue;
            Count--;
            Forget(tenant);
            return true;
        }

        item = default!;
        return false;
    }

    /// <summary>An item that was taken is done. Called only where the shares bound what runs.</summary>
    public void Done(int environment, string key)
    {
        var tenant = tenants[environment];
        tenant.Done(key);
        Forget(tenant);
    }

    // Of what is over nothing is kept: keys come and go.
    private void Forget(Tenant tenant)
    {
        if (tenant.Waiting == 0 && tenant.Running == 0)
            tenants.Remove(tenant.Environment);
    }

    private sealed class Line(string key)
    {
        public string Key { get; } = key;

        public Queue<T> Items { get; } = new();

        public int Running { get; set; }
    }

    private sealed class Tenant(int environment)
    {
        private readonly Dictionary<string, Line> lines = new(StringComparer.Ordinal);
        private readonly Queue<Line> turns = [];

        public int Environment { get; } = environment;

        public int Waiting { get; private set; }

        public int Running { get; private set; }

        public bool TryAdd(string key, T item, in FairShares shares)
        {
            if (Waiting >= shares.WaitingOfEnvironment)
                return false;
            if (!lines.TryGetValue(key, out var line))
                lines.Add(key, line = new Line(key));
            if (line.Items.Count >= shares.WaitingOfKey)
                return false;
            line.Items.Enqueue(item);
            if (line.Items.Count == 1)
                turns.Enqueue(line);
            Waiting++;
            return true;
        }

        public bool TryTake(in FairShares shares, out T item)
        {
            for (var left = Running < shares.RunningOfEnvironment ? turns.Count : 0; left > 0; left--)
            {
                var line = turns.Dequeue();
                var may = line.Running < shares.RunningOfKey;
                item = may ? line.Items.Dequeue() : default!;
                if (line.Items.Count > 0)
                    turns.Enqueue(line);
                if (!may)
                    continue;
                Waiting--;
                if (shares.RunningOfEnvironment < int.MaxValue)
                {
                    Running++;
                    line.Running++;
                }

                Forget(line);
                return true;
            }

            item = default!;
            return false;
        }

        public void Done(string key)
        {
            var line = lines[key];
            Running--;
            line.Running--;
            Forget(line);
        }

        private void Forget(Line line)
        {
            if (line.Items.Count == 0 && line.Running == 0)
                lines.Remove(line.Key);
        }
    }
}
