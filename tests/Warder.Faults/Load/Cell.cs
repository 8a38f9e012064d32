using System.Globalization;

namespace Warder.Faults.Load;

/// <summary>The ids of a cell's resources: see <see cref="CellModel"/>.</summary>
internal sealed record CellIds(
    string Organization, string User, string Membership, string Role, string LesserRole, string MemberKey, string OrganizationKey);

/// <summary>A cell that several threads change.</summary>
internal sealed class Cell(string name, CellIds ids, Epochs epochs) : Subject(name, epochs)
{
    private static readonly string[] Kept = [Scene.Kept], Both = [Scene.Kept, Scene.Watched];

    private readonly int[] secrets = [0, 0];

    /// <summary>The number of the next rotation's secret; above the maximum when the key has had all its secrets.</summary>
    public int NextSecret(int key) => Interlocked.Increment(ref secrets[key]);

    public override (string Method, string Path, object? Body) CallOf(Operation operation)
    {
        var key = "/api_keys/" + (operation.Key == CellModel.MemberKey ? ids.MemberKey : ids.OrganizationKey);
        var membership = "/user_management/organization_memberships/" + ids.Membership;
        var permissions = $"/authorization/roles/{ids.Role}/permissions";
        return operation.Kind switch
        {
            OperationKind.Suspend => ("POST", key + "/suspend", new { }),
            OperationKind.Resume => ("POST", key + "/resume", new { }),
            OperationKind.NarrowKey => ("PATCH", key, new { permissions = Kept }),
            OperationKind.WidenKey => ("PATCH", key, new { permissions = Both }),
            OperationKind.RotateAtOnce => ("POST", key + "/rotate", new { overlap_seconds = 0 }),
            OperationKind.RotateWithOverlap => ("POST", key + "/rotate", new { }),
            OperationKind.Revoke => ("POST", key + "/revoke", new { reason = "faults" }),
            OperationKind.Expire => ("POST", key + "/expire", new { }),
            OperationKind.Delete => ("DELETE", key, null),
            // Alternates the two routes that take a permission from a role, and the two that give it back.
            OperationKind.NarrowRole => Epoch / 2 % 2 == 0
                ? ("PUT", permissions, new { permissions = Kept })
                : ("DELETE", $"{permissions}/{Scene.Watched}", null),
            OperationKind.WidenRole => Epoch / 2 % 2 == 0
                ? ("PUT", permissions, new { permissions = Both })
                : ("POST", permissions, new { slug = Scene.Watched }),
            OperationKind.LowerRole => ("PUT", membership, new { role_slug = ids.LesserRole }),
            OperationKind.RaiseRole => ("PUT", membership, new { role_slug = ids.Role }),
            OperationKind.Deactivate => ("PUT", membership + "/deactivate", new { }),
            OperationKind.Reactivate => ("PUT", membership + "/reactivate", new { }),
            OperationKind.DeleteMembership => ("DELETE", membership, null),
            OperationKind.DeleteUser => ("DELETE", "/user_management/users/" + ids.User, null),
            OperationKind.DeleteOrganization => ("DELETE", "/organizations/" + ids.Organization, null),
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };
    }

    protected override (Answer<Question>? Answer, string Why)? Find(
        IReadOnlyList<Change<Operation>> changes, IReadOnlyList<Answer<Question>> answers)
        => Explanation<Operation, Question>.Missing(CellModel.One, changes, answers) is not { } missing
            ? null
            : (missing.Answer, string.Create(
                CultureInfo.InvariantCulture,
                $"no order of the changes explains the answers: at most {missing.Explained} of those that returned can be put in one"));
}
