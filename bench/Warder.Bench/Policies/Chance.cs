using Warder.Cedar;

namespace Warder.Bench.Policies;

/// <summary>Generates random data, the same in each run.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random random = new(seed);

    public int Below(int end) => random.Next(end);

    public bool With(double probability) => random.NextDouble() < probability;

    public T Of<T>(params ReadOnlySpan<T> some) => some[random.Next(some.Length)];

    /// <summary>Names that many entities of a type.</summary>
    public static EntityUid[] Names(string type, int count)
    {
        var name = EntityTypeName.Parse(type);
        return [.. Enumerable.Range(0, count).Select(number => new EntityUid(name, $"{type.ToLowerInvariant()}-{number}"))];
    }

    /// <summary>Chooses some of them, each with this probability.</summary>
    public EntityUid[] Some(IEnumerable<EntityUid> all, double probability) => [.. all.Where(_ => With(probability))];

    /// <summary>Builds a request of one of these by one of those.</summary>
    public RequestParts Request(EntityUid principal, EntityUid action, EntityUid resource)
        => new(principal.Type, principal.Id, action, resource.Type, resource.Id, With(0.75), Below(24));
}
