using System.Data.Common;
using Warder.Core.Directory;
using Warder.Core.Keys;
using Warder.Core.Time;

namespace Warder.Storage.Keys;

/// <summary>A row of <c>api_keys</c> with the state of its owner. <see cref="KeyAssembler"/> makes a key of it.</summary>
internal sealed record KeyRow
{
    public required int Environment { get; init; }

    public required string Id { get; init; }

    public required Owner<string, MemberIds> Owner { get; init; }

    public required string Name { get; init; }

    public string? Purpose { get; init; }

    public string? ResponsibleUserId { get; init; }

    public required string CreatedBy { get; init; }

    public required long PermissionSetId { get; init; }

    public required KeyState State { get; init; }

    public Instant? ExpiresAt { get; init; }

    public Instant? SuspendedAt { get; init; }

    public string? SuspensionReason { get; init; }

    public Instant? RevokedAt { get; init; }

    public string? RevocationReason { get; init; }

    public required bool Deleted { get; init; }

    public required Instant CreatedAt { get; init; }

    public required Instant UpdatedAt { get; init; }

    /// <summary>The time of the first deletion among organization, membership and user; null without one.</summary>
    public Instant? OwnerEndedAt { get; init; }

    public MembershipStatus? MembershipStatus { get; init; }

    public string? RoleId { get; init; }

    public static KeyRow Map(DbDataReader row)
    {
        var membershipId = row.GetString(3);
        return new KeyRow
        {
            Environment = row.GetInt32(0),
            Id = row.GetString(1),
            Owner = membershipId.Length == 0
                ? KeyOwner.OfOrganization(row.GetString(2))
                : Owner<string, MemberIds>.OfMember(row.GetString(2), new MemberIds(membershipId, row.GetString(4))),
            Name = row.GetString(5),
            Purpose = row.TextOrNull(6),
            ResponsibleUserId = row.TextOrNull(7),
            CreatedBy = row.GetString(8),
            PermissionSetId = row.GetInt64(9),
            State = (KeyState)row.GetInt32(10),
            ExpiresAt = row.TimeOrNull(11),
            SuspendedAt = row.TimeOrNull(12),
            SuspensionReason = row.TextOrNull(13),
            RevokedAt = row.TimeOrNull(14),
            RevocationReason = row.TextOrNull(15),
            Deleted = row.Flag(16),
            CreatedAt = row.Time(17),
            UpdatedAt = row.Time(18),
            OwnerEndedAt = Earliest(row.TimeOrNull(19), row.TimeOrNull(20), row.TimeOrNull(21)),
            MembershipStatus = row.IsDBNull(22) ? null : (MembershipStatus)row.GetInt32(22),
            RoleId = row.TextOrNull(23),
        };
    }

    private static Instant? Earliest(params ReadOnlySpan<Instant?> times)
    {
        Instant? earliest = null;
        foreach (var time in times)
        {
            if (time is { } at && (earliest is null || at < earliest))
                earliest = at;
        }

        return earliest;
    }
}
