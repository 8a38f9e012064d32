namespace Warder.Core.Events;

/// <summary>Every type of event, by the name of WorkOS where it has one.</summary>
public static class EventTypes
{
#pragma warning disable CS1591 // The names are self-explanatory.
    public const string ApiKeyCreated = "api_key.created";
    public const string ApiKeyUpdated = "api_key.updated";
    public const string ApiKeyRevoked = "api_key.revoked";
    public const string ApiKeyExpired = "api_key.expired";
    public const string ApiKeyRotated = "api_key.rotated";
    public const string ApiKeySecretEnded = "api_key.secret_ended";
    public const string ApiKeySuspended = "api_key.suspended";
    public const string ApiKeyResumed = "api_key.resumed";
    public const string OrganizationCreated = "organization.created";
    public const string OrganizationUpdated = "organization.updated";
    public const string OrganizationDeleted = "organization.deleted";
    public const string UserCreated = "user.created";
    public const string UserUpdated = "user.updated";
    public const string UserDeleted = "user.deleted";
    public const string UserErased = "user.erased";
    public const string MembershipCreated = "organization_membership.created";
    public const string MembershipUpdated = "organization_membership.updated";
    public const string MembershipDeleted = "organization_membership.deleted";
    public const string PermissionCreated = "permission.created";
    public const string PermissionUpdated = "permission.updated";
    public const string PermissionDeleted = "permission.deleted";
    public const string RoleCreated = "role.created";
    public const string RoleUpdated = "role.updated";
    public const string RoleDeleted = "role.deleted";
    public const string ManagementKeyCreated = "management_key.created";
    public const string ManagementKeyUpdated = "management_key.updated";
    public const string ManagementKeyRotated = "management_key.rotated";
    public const string ManagementKeySecretEnded = "management_key.secret_ended";
    public const string ManagementKeyRevoked = "management_key.revoked";
    public const string EnvironmentCreated = "environment.created";
    public const string EnvironmentUpdated = "environment.updated";
    public const string ImportSchemeCreated = "import_scheme.created";
    public const string ImportSchemeDeleted = "import_scheme.deleted";
    public const string SigningKeyCreated = "signing_key.created";
    public const string ReceiptsRecorded = "receipts.recorded";
    public const string ReplicasBarred = "replicas.barred";
    public const string ClockAccepted = "clock.accepted";
    public const string OlderLogAccepted = "log.older_accepted";
#pragma warning restore CS1591
}
