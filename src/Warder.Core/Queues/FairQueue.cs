namespace Warder.Core.Queues;

/// <summary>The bounds of a <see cref="FairQueue{T}"/>.</summary>
/// <param name="Waiting">The greatest number of waiting items.</param>
/// <param name="WaitingOfEnvironment">The greatest number of waiting items of one environment.</param>
/// <param name="WaitingOfKey">The greatest number of waiting items of one key.</param>
public readonly record struct FairShares(int Waiting, int WaitingOfEnvironment, int WaitingOfKey)
{
    /// <summary>The greatest number of items of one environment that are taken and not done.</summary>
    public int RunningOfEnvironment { get; init; } = int.MaxValue;

    /// <summary>The greatest number of items of one key that are taken and not done.</summary>
    public int RunningOfKey { get; init; } = int.MaxValue;
}

/// <summary>
/// A bounded queue with turns: environments take turns, and the keys of an environment take turns within it, one item a turn. Items of one
/// key leave in the order of their arrival. An item is refused when its environment or key has its share waiting; this affects no other
/// environment or key.
/// </summary>
/// <remarks>Mutable, without a lock: the owner calls every member under its own lock.</remarks>
public sealed class FairQueue<T>(FairShares shares)
{
    private readonly Dictionary<int, Tenant> tenants = [];
    private readonly Queue<Tenant> turns = [];

    /// <summary>The number of waiting items.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an item.</summary>
    /// <returns>False when the queue, the item's environment or its key has its share waiting.</returns>
    /// <param name="environment">The number of the item's environment.</param>
    /// <param name="key">The key that shares the environment's turns; empty for one shared line.</param>
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

    /// <summary>Takes the next item of an environment and a key below their running shares.</summary>
    /// <returns>False when there is no such item.</returns>
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

    /// <summary>Marks a taken item as done. Called only where the shares bound the running items.</summary>
    public void Done(int environment, string key)
    {
        var tenant = tenants[environment];
        tenant.Done(key);
        Forget(tenant);
    }

    // An idle tenant is removed at once: keys come and go, and the table would otherwise grow without bound.
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
