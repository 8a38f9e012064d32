using System.Text.Json;
using System.Text.Json.Serialization;
using Warder.Contracts.Access;
using Warder.Contracts.Directory;
using Warder.Contracts.Errors;
using Warder.Contracts.Events;
using Warder.Contracts.Json;
using Warder.Contracts.Health;
using Warder.Contracts.Keys;
using Warder.Contracts.Lists;
using Warder.Contracts.Management;
using Warder.Contracts.Nodes;
using Warder.Contracts.Receipts;
using Warder.Contracts.Replicas;

namespace Warder.Contracts;

/// <summary>
/// Every JSON shape of the API, source-generated. Use <see cref="Wire"/>: its output equals the output of <c>JSON.stringify</c> byte for
/// byte, so that a body which is parsed and printed again has the same signature. Reading a shape without a required member, or with null
/// where the shape has no null, throws a <see cref="JsonException"/>.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters =
    [
        typeof(TimeConverter), typeof(OptionalConverter<string>), typeof(OptionalConverter<bool>),
        typeof(OptionalConverter<DateTimeOffset?>), typeof(OptionalConverter<IReadOnlyList<string>>),
        typeof(OptionalConverter<IReadOnlyDictionary<string, string>>),
    ])]
[JsonSerializable(typeof(ApiKey))]
[JsonSerializable(typeof(ListPage<ApiKey>))]
[JsonSerializable(typeof(IssueKeyRequest))]
[JsonSerializable(typeof(UpdateKeyRequest))]
[JsonSerializable(typeof(RotateKeyRequest))]
[JsonSerializable(typeof(ExpireKeyRequest))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(ImportKeysRequest))]
[JsonSerializable(typeof(ImportScheme))]
[JsonSerializable(typeof(RegisteredScheme))]
[JsonSerializable(typeof(ListPage<RegisteredScheme>))]
[JsonSerializable(typeof(ValidateKeyRequest))]
[JsonSerializable(typeof(ValidateKeysRequest))]
[JsonSerializable(typeof(Validation))]
[JsonSerializable(typeof(ValidationBatch))]
[JsonSerializable(typeof(DryRun))]
[JsonSerializable(typeof(Organization))]
[JsonSerializable(typeof(ListPage<Organization>))]
[JsonSerializable(typeof(CreateOrganizationRequest))]
[JsonSerializable(typeof(UpdateOrganizationRequest))]
[JsonSerializable(typeof(OrganizationDomain))]
[JsonSerializable(typeof(DomainData))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(ListPage<User>))]
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(UpdateUserRequest))]
[JsonSerializable(typeof(Erasure))]
[JsonSerializable(typeof(Membership))]
[JsonSerializable(typeof(ListPage<Membership>))]
[JsonSerializable(typeof(CreateMembershipRequest))]
[JsonSerializable(typeof(UpdateMembershipRequest))]
[JsonSerializable(typeof(Permission))]
[JsonSerializable(typeof(ListPage<Permission>))]
[JsonSerializable(typeof(CreatePermissionRequest))]
[JsonSerializable(typeof(UpdatePermissionRequest))]
[JsonSerializable(typeof(Role))]
[JsonSerializable(typeof(ListPage<Role>))]
[JsonSerializable(typeof(CreateRoleRequest))]
[JsonSerializable(typeof(UpdateRoleRequest))]
[JsonSerializable(typeof(RolePermissionsRequest))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(ManagementKey))]
[JsonSerializable(typeof(ListPage<ManagementKey>))]
[JsonSerializable(typeof(CreateManagementKeyRequest))]
[JsonSerializable(typeof(UpdateManagementKeyRequest))]
[JsonSerializable(typeof(WarderEnvironment))]
[JsonSerializable(typeof(ListPage<WarderEnvironment>))]
[JsonSerializable(typeof(CreateEnvironmentRequest))]
[JsonSerializable(typeof(UpdateEnvironmentRequest))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(ReadinessReport))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(ListPage<Node>))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(ListPage<Receipt>))]
[JsonSerializable(typeof(ListPage<ReceiptLine>))]
[JsonSerializable(typeof(List<ReceiptLine>))]
[JsonSerializable(typeof(ReceiptHolder))]
[JsonSerializable(typeof(ReceiptRecord))]
[JsonSerializable(typeof(ReplicaBar))]
[JsonSerializable(typeof(ClockAcceptance))]
[JsonSerializable(typeof(OlderLogAcceptance))]
[JsonSerializable(typeof(SigningKey))]
[JsonSerializable(typeof(ListPage<SigningKey>))]
[JsonSerializable(typeof(JsonWebKeySet))]
[JsonSerializable(typeof(ErrorBody))]
public sealed partial class WarderJson : JsonSerializerContext
{
    /// <summary>The one instance for the wire: compact, snake_case, nulls written, nothing escaped that JSON does not require.</summary>
    public static WarderJson Wire => WireHolder.Instance;

    // A type of its own: the order of static initializers across the parts of a partial class is not defined.
    private static class WireHolder
    {
        internal static readonly WarderJson Instance = new(new JsonSerializerOptions(Default.Options!)
        {
            TypeInfoResolver = null,
            Encoder = StringifyEncoder.Instance,
        });
    }
}
