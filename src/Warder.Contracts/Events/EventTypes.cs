namespace Warder.Contracts.Events;

/// <summary>The types of events. Later versions add types: skip an event of an unknown type.</summary>
public static class EventTypes
{
    /// <summary>A key was issued or imported.</summary>
    public const string ApiKeyCreated = "api_key.created";

    /// <summary>A key's name, permissions, purpose, responsible user or scheduled expiry changed.</summary>
    public const string ApiKeyUpdated = "api_key.updated";

    /// <summary>A key was revoked or deleted.</summary>
    public const string ApiKeyRevoked = "api_key.revoked";

    /// <summary>A key expired: by command at once, by its time within 60 seconds of it.</summary>
    public const string ApiKeyExpired = "api_key.expired";

    /// <summary>A key has a new secret.</summary>
    public const string ApiKeyRotated = "api_key.rotated";

    /// <summary>A key was suspended.</summary>
    public const string ApiKeySuspended = "api_key.suspended";

    /// <summary>A suspended key was resumed.</summary>
    public const string ApiKeyResumed = "api_key.resumed";

    /// <summary>An organization was created.</summary>
    public const string OrganizationCreated = "organization.created";

    /// <summary>An organization changed.</summary>
    public const string OrganizationUpdated = "organization.updated";

    /// <summary>An organization was deleted, and so were its keys and its members' keys.</summary>
    public const string OrganizationDeleted = "organization.deleted";

    /// <summary>A user was created.</summary>
    public const string UserCreated = "user.created";

    /// <summary>A user changed.</summary>
    public const string UserUpdated = "user.updated";

    /// <summary>A user was deleted, and so were the user's keys.</summary>
    public const string UserDeleted = "user.deleted";

    /// <summary>A deleted user's personal values were erased; the data is an erasure.</summary>
    public const string UserErased = "user.erased";

    /// <summary>A user joined an organization.</summary>
    public const string MembershipCreated = "organization_membership.created";

    /// <summary>A membership's role or status changed.</summary>
    public const string MembershipUpdated = "organization_membership.updated";

    /// <summary>A user left an organization, which ended the keys that the user held in it.</summary>
    public const string MembershipDeleted = "organization_membership.deleted";

    /// <summary>A permission was registered.</summary>
    public const string PermissionCreated = "permission.created";

    /// <summary>A permission changed.</summary>
    public const string PermissionUpdated = "permission.updated";

    /// <summary>A permission was deleted, and is gone from every key and role.</summary>
    public const string PermissionDeleted = "permission.deleted";

    /// <summary>A role was created.</summary>
    public const string RoleCreated = "role.created";

    /// <summary>A role or its permissions changed.</summary>
    public const string RoleUpdated = "role.updated";

    /// <summary>A role was deleted.</summary>
    public const string RoleDeleted = "role.deleted";

    /// <summary>A management key was issued.</summary>
    public const string ManagementKeyCreated = "management_key.created";

    /// <summary>A management key changed.</summary>
    public const string ManagementKeyUpdated = "management_key.updated";

    /// <summary>A management key has a new secret.</summary>
    public const string ManagementKeyRotated = "management_key.rotated";

    /// <summary>A management key was revoked or deleted.</summary>
    public const string ManagementKeyRevoked = "management_key.revoked";

    /// <summary>An environment was created.</summary>
    public const string EnvironmentCreated = "environment.created";

    /// <summary>An environment was changed.</summary>
    public const string EnvironmentUpdated = "environment.updated";

    /// <summary>An import scheme was added to an environment.</summary>
    public const string ImportSchemeCreated = "import_scheme.created";

    /// <summary>A scheme without keys was removed.</summary>
    public const string ImportSchemeDeleted = "import_scheme.deleted";

    /// <summary>A new key signs receipts from now on.</summary>
    public const string SigningKeyCreated = "signing_key.created";

    /// <summary>Receipts were written; the data is a receipt record. The event follows the changes that the receipts are about.</summary>
    public const string ReceiptsRecorded = "receipts.recorded";

    /// <summary>The replicas of a management key are refused leases for a while; the data is a replica bar.</summary>
    public const string ReplicasBarred = "replicas.barred";

    /// <summary>One secret of a key was ended, and its other secrets work on; the data is the key.</summary>
    public const string ApiKeySecretEnded = "api_key.secret_ended";

    /// <summary>One secret of a management key was ended; the data is the management key.</summary>
    public const string ManagementKeySecretEnded = "management_key.secret_ended";

    /// <summary>A server was started with a clock behind the log's time; the data is a clock acceptance.</summary>
    public const string ClockAccepted = "clock.accepted";

    /// <summary>A server was started on a database that was set back; the data is an older log acceptance.</summary>
    public const string OlderLogAccepted = "log.older_accepted";
}
