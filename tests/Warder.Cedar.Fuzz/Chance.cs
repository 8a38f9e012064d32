namespace Warder.Cedar.Fuzz;

/// <summary>Generates random values, all from one seed; and counts the features used.</summary>
internal sealed class Chance(int seed, Features features)
{
    private readonly Random _random = new(seed);

    /// <summary>Returns true with this probability, from 0 to 1.</summary>
    public bool Of(double probability) => _random.NextDouble() < probability;

    /// <summary>Returns a number from 0 to below this.</summary>
    public int Below(int bound) => _random.Next(bound);

    /// <summary>Returns a number from the first to the last.</summary>
    public int Between(int first, int last) => _random.Next(first, last + 1);

    /// <summary>Returns any number of 64 bits, small ones more often.</summary>
    public long Number() => _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64);

    /// <summary>Returns one of these.</summary>
    public T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];

    /// <summary>Returns one of these.</summary>
    public T PickFrom<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    /// <summary>Returns one of these, with these weights.</summary>
    public List<T> Some<T>(IEnumerable<T> from, double probability) => [.. from.Where(_ => Of(probability))];

    /// <summary>Makes that many, each anew.</summary>
    public List<T> Many<T>(int count, Func<T> make)
    {
        var made = new List<T>(count);
        while (made.Count < count)
            made.Add(make());
        return made;
    }

    /// <summary>Counts a feature, and returns its text.</summary>
    public string Note(string feature, string text)
    {
        features.Note(feature);
        return text;
    }

    /// <summary>Counts a feature.</summary>
    public void Note(string feature) => features.Note(feature);
}
