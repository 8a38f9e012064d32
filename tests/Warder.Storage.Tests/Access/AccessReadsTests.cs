using Warder.Core.Access;
using Warder.Core.Directory;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Storage.Access;
using Warder.Storage.Journal;
using Warder.Storage.Tests.Databases;
using Warder.Storage.Tests.Journal;

namespace Warder.Storage.Tests.Access;

/// <summary>A batch never reads permissions and roles from before one of its own commands.</summary>
public sealed class AccessReadsTests
{
    [Theory, EachDatabase]
    public async Task A_permission_that_a_command_of_the_batch_deletes_is_gone_for_the_next(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var permission = (await disk.Journal.Submit<Permission>(context => Register(context, "posts:read"))).Value;
        var go = disk.Hold();
        var before = disk.Journal.Submit<bool>(context => context.Access.Permission(context.Session, 0, "posts:read") is not null);
        var deletion = disk.Journal.Submit<bool>(context =>
        {
            PermissionTable.Delete(context.Session, permission, context.Now);
            context.Append(
                JournalOnDisk.Event(
                    context, "permission.deleted") with { CacheDeltas = [CacheDelta.OfPermission(permission.Id, OwnerTypes.None)] });
            return true;
        });
        var after = disk.Journal.Submit<bool>(context => context.Access.Permission(context.Session, 0, "posts:read") is not null);
        go();

        Assert.True((await before).Value);
        Assert.True((await deletion).Value);
        Assert.False((await after).Value);
    }

    [Theory, EachDatabase]
    public async Task A_set_that_a_refused_command_added_is_added_again_by_the_next(Database database)
    {
        using var disk = new JournalOnDisk(database);
        var permission = (await disk.Journal.Submit<Permission>(context => Register(context, "posts:read"))).Value;
        var go = disk.Hold();
        var refused = disk.Journal.Submit<long>(context =>
        {
            context.Access.Intern(context.Session, 0, [permission]);
            return Fault.Conflict("refused", "Refused after it had written.");
        });
        var next = disk.Journal.Submit<long>(context => context.Access.Intern(context.Session, 0, [permission]));
        go();

        Assert.NotNull((await refused).Fault);
        var id = (await next).Value;
        Assert.Equal(
            [permission.Id], disk.Store.Read(session => PermissionSetTable.DeferLiving(session, 0, id).Rows).Select(found => found.Id));
    }

    private static Permission Register(CommandContext context, string slug)
    {
        var permission = new Permission
        {
            Id = Id.New(IdKind.Permission, context.Now, Entropy.System),
            Environment = 0,
            Slug = slug,
            Name = slug,
            ResourceTypeSlug = "organization",
            AllowedOwnerTypes = OwnerTypes.All,
            CreatedAt = context.Now,
            UpdatedAt = context.Now,
        };
        PermissionTable.Insert(context.Session, permission);
        return permission;
    }
}
