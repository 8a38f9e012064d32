namespace Warder.Faults.Load;

/// <summary>Keys that end once and for good, all by the same calls: one by itself, many with their organization.</summary>
internal sealed class Mortal(string organization, IReadOnlyList<string> keys, Epochs epochs)
    : Subject(keys.Count == 1 ? $"key {keys[0]}" : $"the {keys.Count} keys of {organization}", epochs)
{
    private static readonly DeedKind[] OfOne = [DeedKind.Revoke, DeedKind.Delete, DeedKind.Expire, DeedKind.RotateAtOnce], OfMany = [DeedKind.DeleteOrganization];

    /// <summary>The ways in which it can end.</summary>
    public DeedKind[] Ways => keys.Count == 1 ? OfOne : OfMany;

    public override (string Method, string Path, object? Body) CallOf(Deed deed) => deed.Kind switch
    {
        DeedKind.Revoke => ("POST", $"/api_keys/{keys[0]}/revoke", new { reason = "faults" }),
        DeedKind.Delete => ("DELETE", $"/api_keys/{keys[0]}", null),
        DeedKind.Expire => ("POST", $"/api_keys/{keys[0]}/expire", new { }),
        DeedKind.RotateAtOnce => ("POST", $"/api_keys/{keys[0]}/rotate", new { overlap_seconds = 0 }),
        DeedKind.DeleteOrganization => ("DELETE", $"/organizations/{organization}", null),
        _ => throw new ArgumentOutOfRangeException(nameof(deed)),
    };

    protected override (Answer<Question>? Answer, string Why)? Find(IReadOnlyList<Change<Deed>> changes, IReadOnlyList<Answer<Question>> answers)
        => OnceOnly.Find(changes, answers);
}
