namespace Warder.Contracts.Keys;

/// <summary>The answer to <c>?dry_run=true</c> on an ending: the keys that it would end. The request writes nothing.</summary>
public sealed record DryRun
{
    /// <summary><c>dry_run</c></summary>
    public string Object { get; init; } = "dry_run";

    /// <summary>The number of keys that would end or be suspended.</summary>
    public required long ApiKeysEnded { get; init; }

    /// <summary>The first of these keys; at most 100.</summary>
    public required IReadOnlyList<ApiKey> ApiKeys { get; init; }
}
