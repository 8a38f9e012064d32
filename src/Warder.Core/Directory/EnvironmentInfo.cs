using Warder.Core.Time;
using Warder.Core.Verification;

namespace Warder.Core.Directory;

/// <summary>An isolated world of data. Nothing crosses it, keys included.</summary>
/// <param name="Number">What rows of this environment carry: small, never used again.</param>
/// <param name="Id"><c>environment_…</c></param>
/// <param name="Name">For people.</param>
/// <param name="KeyPrefix">What this environment's keys begin with; unique for ever.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="CapIssuedKeys">Whether API keys end no later than the authority that issues them.</param>
/// <param name="RequiredLevel">The feature level below which a verifier decides nothing about its keys.</param>
public sealed record EnvironmentInfo(
    int Number, string Id, string Name, string KeyPrefix, Instant CreatedAt, Instant UpdatedAt,
    bool CapIssuedKeys = false, int RequiredLevel = FeatureLevel.First);
