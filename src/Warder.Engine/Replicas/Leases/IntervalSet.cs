namespace Warder.Engine.Replicas.Leases;

/// <summary>A union of time intervals, in microseconds of one clock.</summary>
internal sealed class IntervalSet
{
    // In ascending order, without overlap.
    private List<(long From, long To)> intervals = [];

    /// <summary>The intervals, in ascending order, without overlap.</summary>
    public IReadOnlyList<(long From, long To)> All => intervals;

    /// <summary>Adds an interval. A part that the set already has is not counted again.</summary>
    /// <returns>False: the set already has the interval, or it is empty.</returns>
    public bool Add(long from, long to)
    {
        if (from >= to || intervals.Exists(each => each.From <= from && to <= each.To))
            return false;
        var place = intervals.FindIndex(each => each.To >= from);
        if (place < 0)
        {
            intervals.Add((from, to));
            return true;
        }

        var end = place;
        while (end < intervals.Count && intervals[end].From <= to)
        {
            (from, to) = (Math.Min(from, intervals[end].From), Math.Max(to, intervals[end].To));
            end++;
        }

        intervals.RemoveRange(place, end - place);
        intervals.Insert(place, (from, to));
        return true;
    }

    /// <summary>Removes the intervals that ended before a time.</summary>
    public void Trim(long before) => intervals.RemoveAll(each => each.To <= before);

    /// <summary>Computes the length of the union of this set and another, from a time on.</summary>
    public long LengthWith(IntervalSet other, long since)
    {
        var union = new IntervalSet { intervals = [.. intervals] };
        other.intervals.ForEach(each => union.Add(each.From, each.To));
        return union.intervals.Sum(each => Math.Max(0, each.To - Math.Max(each.From, since)));
    }
}
