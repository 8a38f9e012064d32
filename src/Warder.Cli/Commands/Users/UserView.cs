using Warder.Cli.Output;
using Warder.Contracts.Directory;

namespace Warder.Cli.Commands.Users;

/// <summary>Users as people see them.</summary>
internal static class UserView
{
    public static readonly IReadOnlyList<Field<User>> Fields =
    [
        new("id", user => user.Id, InList: true),
        new("email", user => user.Email, InList: true),
        new("first_name", user => user.FirstName, InList: true),
        new("last_name", user => user.LastName, InList: true),
        new("email_verified", user => Shown.YesNo(user.EmailVerified)),
        new("external_id", user => user.ExternalId, InList: true),
        new("metadata", user => Shown.Pairs(user.Metadata)),
        new("created_at", user => Shown.Time(user.CreatedAt), InList: true),
        new("updated_at", user => Shown.Time(user.UpdatedAt)),
    ];

    public static readonly IReadOnlyList<Field<Erasure>> ErasureFields =
    [
        new("user_id", erasure => erasure.UserId),
        new("values_erased", erasure => erasure.ValuesErased.ToString()),
    ];
}
