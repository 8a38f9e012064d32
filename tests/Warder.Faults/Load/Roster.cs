namespace Warder.Faults.Load;

/// <summary>Holds the targets of validations, in slots. Readers take no lock.</summary>
internal sealed class Roster
{
    private const int MaxTargets = 4096;

    private readonly Lock gate = new();
    private readonly Target?[] slots = new Target?[MaxTargets];
    private readonly Stack<int> free = [];
    private readonly Dictionary<Target, int> places = [];
    private int used;

    public void Add(Target target)
    {
        lock (gate)
        {
            var slot = free.Count > 0 ? free.Pop() : used < MaxTargets
                ? used++
                : throw new InvalidOperationException($"There are more than {MaxTargets} targets.");
            places.Add(target, slot);
            Volatile.Write(ref slots[slot], target);
        }
    }

    public void Remove(Target target)
    {
        lock (gate)
        {
            if (!places.Remove(target, out var slot))
                return;
            Volatile.Write(ref slots[slot], null);
            free.Push(slot);
        }
    }

    /// <summary>Copies the next targets after a position, and advances the position, with wraparound; returns their number.</summary>
    public int Next(ref int place, Span<Target> into)
    {
        var (count, end) = (0, Volatile.Read(ref used));
        for (var looked = 0; looked < end && count < into.Length; looked++)
        {
            place = place + 1 < end ? place + 1 : 0;
            if (Volatile.Read(ref slots[place]) is { } target)
                into[count++] = target;
        }

        return count;
    }
}
