using Warder.Core.Faults;

namespace Warder.Core.Directory;

/// <summary>The pairs of metadata: their bound, and how a change is merged into them.</summary>
public static class MetadataPairs
{
    /// <summary>The most pairs that an object has.</summary>
    public const int Max = 50;

    /// <summary>No pairs.</summary>
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>
    /// Merges a change into pairs. A name with null loses its pair, and a name that the change does not have keeps it. A change without
    /// names clears all pairs.
    /// </summary>
    /// <param name="before">The pairs before the change; they stay as they are.</param>
    /// <param name="change">The change. Null: clears all pairs.</param>
    /// <param name="field">The field that a fault names.</param>
    /// <returns>The pairs after the change: those that stay in their order, then the new ones. A fault when they are too many.</returns>
    public static Result<Merged> Merge(
        IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string?>? change, string field = "metadata")
    {
        if (change is null || change.Count == 0)
            return new Merged(None);
        var after = new Dictionary<string, string>(before.Count + change.Count, StringComparer.Ordinal);
        foreach (var (name, value) in before)
        {
            if ((change.TryGetValue(name, out var changed) ? changed : value) is { } kept)
                after.Add(name, kept);
        }

        foreach (var (name, value) in change)
        {
            if (value is not null)
                after[name] = value;
        }

        return after.Count > Max ? Fault.Field(field, "too_many", $"At most {Max} pairs, after the change.") : new Merged(after);
    }

    /// <summary>The pairs after a change.</summary>
    public sealed record Merged(IReadOnlyDictionary<string, string> Pairs);
}
