namespace Warder.Faults.Checks;

/// <summary>The operations on a cell: see <see cref="CellModel"/>.</summary>
internal enum OperationKind : byte
{
    Suspend,
    Resume,
    NarrowKey,
    WidenKey,
    RotateAtOnce,
    RotateWithOverlap,
    Revoke,
    Expire,
    Delete,
    NarrowRole,
    WidenRole,
    LowerRole,
    RaiseRole,
    Deactivate,
    Reactivate,
    DeleteMembership,
    DeleteUser,
    DeleteOrganization,
}

/// <summary>One change of a cell.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="Key">The number of the changed key, where a key is changed.</param>
/// <param name="Secret">The number of the secret that a rotation gave the key.</param>
/// <param name="Gone">
/// Whether the call was refused because its target no longer exists: this answer promises as much as that of the ending itself.
/// </param>
internal readonly record struct Operation(OperationKind Kind, int Key = 0, int Secret = 0, bool Gone = false)
{
    public override string ToString()
        => (Kind <= OperationKind.Delete ? $"{Kind} key {Key}" : $"{Kind}")
            + (Kind is OperationKind.RotateAtOnce or OperationKind.RotateWithOverlap ? $", giving secret {Secret}" : "")
                + (Gone ? ", refused: gone" : "");
}

/// <summary>The secret that a validation presents, and whether it requires the watched permission.</summary>
internal readonly record struct Question(int Key, int Secret, bool Watched)
{
    public override string ToString() => $"secret {Secret} of key {Key}{(Watched ? ", for the watched permission" : "")}";
}

/// <summary>
/// Models an organization, with a member under one of two roles, and two keys: 0 is the member's, 1 the organization's. Both keys are
/// granted two permissions, one of which is watched. Keys and the greater role lose the watched permission and get it back; the lesser role
/// never has it. One state holds all of it, so that decisions that combine several subjects are checked as one.
/// </summary>
internal sealed class CellModel : Model<Operation, Question>
{
    public const int MemberKey = 0, OrganizationKey = 1;

    /// <summary>The most secrets that one key gets in its life.</summary>
    public const int MaxSecrets = 20;

    private const ulong OrganizationEnded = 1, UserEnded = 2, MembershipEnded = 4, Inactive = 8, Lowered = 16, RoleNarrowed = 32;
    private const int KeysAt = 8, BitsAKey = 28, SecretsAt = 5;
    private const ulong Revoked = 1, Expired = 2, Suspended = 4, Narrowed = 8, Deleted = 16;

    public static readonly CellModel One = new();

    public override ulong Initial => OfKey(MemberKey, 1UL << SecretsAt) | OfKey(OrganizationKey, 1UL << SecretsAt);

    public override Code CodeOf(ulong state, Question question)
    {
        var (key, ofMember) = (Key(state, question.Key), question.Key == MemberKey);
        if ((key & Revoked) != 0 || OwnerGone(state, question.Key))
            return Code.Revoked;
        if ((key & Expired) != 0 || (key & (1UL << (SecretsAt + question.Secret))) == 0)
            return Code.Expired;
        if ((key & Suspended) != 0)
            return Code.Suspended;
        if (ofMember && (state & Inactive) != 0)
            return Code.OwnerInactive;
        var missing = (key & Narrowed) != 0 || (ofMember && (state & (Lowered | RoleNarrowed)) != 0);
        return question.Watched && missing ? Code.InsufficientPermissions : Code.Allowed;
    }

    public override ulong? After(ulong state, Operation operation)
    {
        if (operation.Kind != OperationKind.Revoke && operation.Gone != Gone(state, operation))
            return null;
        return operation.Gone ? state : Done(state, operation);
    }

    private static ulong Done(ulong state, Operation operation) => operation.Kind switch
    {
        OperationKind.Suspend => state | OfKey(operation.Key, Suspended),
        OperationKind.Resume => state & ~OfKey(operation.Key, Suspended),
        OperationKind.NarrowKey => state | OfKey(operation.Key, Narrowed),
        OperationKind.WidenKey => state & ~OfKey(operation.Key, Narrowed),
        OperationKind.RotateAtOnce => (state & ~OfKey(operation.Key, ((1UL << MaxSecrets) - 1) << SecretsAt)) | OfKey(
            operation.Key, 1UL << (SecretsAt + operation.Secret)),
        OperationKind.RotateWithOverlap => state | OfKey(operation.Key, 1UL << (SecretsAt + operation.Secret)),
        OperationKind.Revoke => state | OfKey(operation.Key, Revoked),
        OperationKind.Expire => state | OfKey(operation.Key, Expired),
        OperationKind.Delete => state | OfKey(operation.Key, Revoked | Deleted),
        OperationKind.NarrowRole => state | RoleNarrowed,
        OperationKind.WidenRole => state & ~RoleNarrowed,
        OperationKind.LowerRole => state | Lowered,
        OperationKind.RaiseRole => state & ~Lowered,
        OperationKind.Deactivate => state | Inactive,
        OperationKind.Reactivate => state & ~Inactive,
        OperationKind.DeleteMembership => state | MembershipEnded,
        OperationKind.DeleteUser => state | UserEnded,
        OperationKind.DeleteOrganization => state | OrganizationEnded,
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };

    // Whether the operation's target no longer exists. A deleted key cannot be deleted again; any other key can be.
    private static bool Gone(ulong state, Operation operation) => operation.Kind switch
    {
        OperationKind.Delete => (Key(state, operation.Key) & Deleted) != 0,
        < OperationKind.NarrowRole => (Key(state, operation.Key) & (Revoked | Expired)) != 0 || OwnerGone(state, operation.Key),
        // Narrowing again changes nothing, or is refused because the permission is missing, as the call requests.
        OperationKind.NarrowRole => operation.Gone && (state & RoleNarrowed) != 0,
        OperationKind.WidenRole => false,
        OperationKind.DeleteUser => (state & UserEnded) != 0,
        OperationKind.DeleteOrganization => (state & OrganizationEnded) != 0,
        _ => OwnerGone(state, MemberKey),
    };

    private static bool OwnerGone(ulong state, int key)
        => (state & (key == MemberKey ? OrganizationEnded | UserEnded | MembershipEnded : OrganizationEnded)) != 0;

    private static ulong Key(ulong state, int key) => state >> (KeysAt + (BitsAKey * key));

    private static ulong OfKey(int key, ulong bits) => bits << (KeysAt + (BitsAKey * key));
}
