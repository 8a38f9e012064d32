using Warder.Core.Directory;
using Warder.Core.Time;
using Warder.Engine.Keys;
using Contract = Warder.Contracts.Management;
using Model = Warder.Core.Management;

namespace Warder.Engine.Management;

/// <summary>Converts management keys to the form that answers show.</summary>
internal static class ManagementShapes
{
    public static Contract.ManagementKey Of(Model.ManagementKey key, string environmentId, Instant now, string? value = null)
    {
        var newest = key.Secrets[^1];
        return new Contract.ManagementKey
        {
            Id = key.Id,
            EnvironmentId = environmentId,
            Name = key.Name,
            Rights = Model.RightNames.Of(key.Rights),
            ObfuscatedValue = newest.ObfuscatedValue,
            Status = key.Revoked ? "revoked" : key.IsLive(now) ? "active" : "expired",
            CreatedBy = key.CreatedBy,
            LastUsedAt = KeyShapes.Time(key.LastUsedAt),
            ExpiresAt = KeyShapes.Time(key.ExpiresAt),
            RevokedAt = KeyShapes.Time(key.RevokedAt),
            Secrets = [.. key.Secrets.Where(secret => secret.IsLive(now) || secret == newest).Select(KeyShapes.Of)],
            CreatedAt = KeyShapes.Time(key.CreatedAt),
            UpdatedAt = KeyShapes.Time(key.UpdatedAt),
            Value = value,
        };
    }
}

/// <summary>Converts environments to the form that answers show.</summary>
internal static class EnvironmentShapes
{
    public static Contract.WarderEnvironment Of(EnvironmentInfo environment) => new()
    {
        Id = environment.Id,
        Name = environment.Name,
        KeyPrefix = environment.KeyPrefix,
        CapIssuedKeys = environment.CapIssuedKeys,
        RequiredLevel = environment.RequiredLevel,
        CreatedAt = KeyShapes.Time(environment.CreatedAt),
        UpdatedAt = KeyShapes.Time(environment.UpdatedAt),
    };
}
