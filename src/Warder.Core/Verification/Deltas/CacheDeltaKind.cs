namespace Warder.Core.Verification.Deltas;

/// <summary>The kind of a cache delta.</summary>
public enum CacheDeltaKind
{
    /// <summary>
    /// A kind that only a newer version of Warder knows. Its <see cref="CacheDelta.Concern"/> gives the part of memory that it may change.
    /// </summary>
    Unknown,

    /// <summary>A key or one of its secrets changed.</summary>
    Key,

    /// <summary>An organization was deleted.</summary>
    OrganizationEnded,

    /// <summary>A user was deleted.</summary>
    UserEnded,

    /// <summary>A membership's status or role changed.</summary>
    Membership,

    /// <summary>The permissions of a role changed.</summary>
    Role,

    /// <summary>The owner types that a permission allows changed, or the permission was deleted.</summary>
    Permission,

    /// <summary>A management key changed.</summary>
    ManagementKey,

    /// <summary>An environment, its prefix or its import schemes changed.</summary>
    Environment,

    /// <summary>The key that signs receipts changed.</summary>
    SigningKey,

    /// <summary>The feature level that an environment requires was raised.</summary>
    RequiredLevel,
}
