namespace Warder.Cedar.Fuzz;

/// <summary>What falls by chance, all from one number; and a count of what fell.</summary>
internal sealed class Chance(int seed, Features features)
{
    private readonly Random _random = new(seed);

    /// <summary>Whether something happens that does so this often, from 0 to 1.</summary>
    public bool Of(double probability) => _random.NextDouble() < probability;

    /// <summary>A number from 0, and less than this.</summary>
    public int Below(int bound) => _random.Next(bound);

    /// <summary>One of the numbers from the first to the last.</summary>
    public int Between(int first, int last) => _random.Next(first, last + 1);

    /// <summary>Any number of 64 bits, small ones more often.</summary>
    public long Number() => _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64);

    /// <summary>One of these.</summary>
    public T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];

    /// <summary>One of these.</summary>
    public T PickFrom<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    /// <summary>Each of these as often as that.</summary>
    public List<T> Some<T>(IEnumerable<T> from, double probability) => [.. from.Where(_ => Of(probability))];

    /// <summary>So many, each made anew.</summary>
    public List<T> Many<T>(int count, Func<T> make)
    {
        var made = new List<T>(count);
        while (made.Count < count)
            made.Add(make());
        return made;
    }

    /// <summary>Counts a feature, and gives what it is written as.</summary>
    public string Note(string feature, string text)
    {
        features.Note(feature);
        return text;
    }

    /// <summary>Counts a feature.</summary>
    public void Note(string feature) => features.Note(feature);
}
