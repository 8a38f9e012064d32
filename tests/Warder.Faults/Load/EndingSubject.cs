namespace Warder.Faults.Load;

/// <summary>Holds keys that end once and for good, all by the same calls: one key by itself, or many with their organization.</summary>
internal sealed class EndingSubject(string organization, IReadOnlyList<string> keys, Epochs epochs)
    : Subject(keys.Count == 1 ? $"key {keys[0]}" : $"the {keys.Count} keys of {organization}", epochs)
{
    private static readonly OperationKind[] OfOne = [OperationKind.Revoke, OperationKind.Delete, OperationKind.Expire,
        OperationKind.RotateAtOnce], OfMany = [OperationKind.DeleteOrganization];

    /// <summary>The calls that can end it.</summary>
    public OperationKind[] Ways => keys.Count == 1 ? OfOne : OfMany;

    public override (string Method, string Path, object? Body) CallOf(Operation operation) => operation.Kind switch
    {
        OperationKind.Revoke => ("POST", $"/api_keys/{keys[0]}/revoke", new { reason = "faults" }),
        OperationKind.Delete => ("DELETE", $"/api_keys/{keys[0]}", null),
        OperationKind.Expire => ("POST", $"/api_keys/{keys[0]}/expire", new { }),
        OperationKind.RotateAtOnce => ("POST", $"/api_keys/{keys[0]}/rotate", new { overlap_seconds = 0 }),
        OperationKind.DeleteOrganization => ("DELETE", $"/organizations/{organization}", null),
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    protected override (Answer<Question>? Answer, string Why)? Find(
        IReadOnlyList<Change<Operation>> changes, IReadOnlyList<Answer<Question>> answers)
        => OnceOnly.Find(changes, answers);
}
