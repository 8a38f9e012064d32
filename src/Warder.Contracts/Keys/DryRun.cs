namespace Warder.Contracts.Keys;

/// <summary>The answer to <c>?dry_run=true</c> on an ending: what would end. Nothing was written.</summary>
public sealed record DryRun
{
    /// <summary><c>dry_run</c></summary>
    public string Object { get; init; } = "dry_run";

    /// <summary>How many keys would end, or be suspended.</summary>
    public required long ApiKeysEnded { get; init; }

    /// <summary>The first of them; at most 100.</summary>
    public required IReadOnlyList<ApiKey> ApiKeys { get; init; }
}
