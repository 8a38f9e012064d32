using Warder.Contracts;
using Warder.Contracts.Json;
using Warder.Core.Directory;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Storage;
using Warder.Storage.Directory;
using Warder.Storage.Journal;
using Warder.Storage.Keys;

namespace Warder.Engine.Directory;

/// <summary>The requested properties of a new organization.</summary>
internal sealed record OrganizationProperties(
    string Name, string? ExternalId, IReadOnlyDictionary<string, string?>? Metadata, IReadOnlyList<WantedDomain>? Domains = null);

/// <summary>The requested changes of an organization. Null or absent: the property stays.</summary>
internal sealed record OrganizationPatch(
    string? Name, Optional<string?> ExternalId, Optional<IReadOnlyDictionary<string, string?>?> Metadata,
    IReadOnlyList<WantedDomain>? Domains = null);

/// <summary>Organizations: the customers.</summary>
internal static class Organizations
{
    /// <summary>Creates an organization.</summary>
    public static Task<Result<Answer>> Create(ChangeContext changes, OrganizationProperties properties)
        => changes.Change(context =>
        {
            if (ExternalIdTaken(changes, context, properties.ExternalId, null) is { } taken)
                return taken;
            var metadata = MetadataPairs.Merge(MetadataPairs.None, properties.Metadata);
            if (metadata.Fault is { } tooMany)
                return tooMany;
            var organization = new Organization
            {
                Id = changes.NewId(IdKind.Organization, context),
                Environment = changes.Environment,
                Name = properties.Name,
                ExternalId = properties.ExternalId,
                Metadata = metadata.Value.Pairs,
                CreatedAt = context.Now,
                UpdatedAt = context.Now,
            };
            OrganizationTable.Insert(context.Session, organization);
            if (properties.Domains is { } wanted)
            {
                var domains = OrganizationDomains.Write(changes, context, organization, wanted);
                if (domains.Fault is { } refused)
                    return refused;
                organization = domains.Value;
            }

            var shape = DirectoryShapes.Of(organization);
            changes.Append(context, EventTypes.OrganizationCreated, EventData.Of(shape, WarderJson.Wire.Organization), organization.Id);
            return Answer.Created(shape, WarderJson.Wire.Organization);
        });

    /// <summary>Changes an organization.</summary>
    public static Task<Result<Answer>> Update(ChangeContext changes, string id, OrganizationPatch patch)
        => changes.Change(context =>
        {
            if (OrganizationTable.Find(context.Session, changes.Environment, id, RowLock.Update) is not { } before)
                return NotFound;
            if (ExternalIdTaken(changes, context, patch.ExternalId.Or(null), before.Id) is { } taken)
                return taken;
            var after = before with
            {
                Name = patch.Name ?? before.Name,
                ExternalId = patch.ExternalId.Or(before.ExternalId),
                UpdatedAt = context.Now,
            };
            if (patch.Metadata.IsPresent)
            {
                var metadata = MetadataPairs.Merge(before.Metadata, patch.Metadata.Value);
                if (metadata.Fault is { } tooMany)
                    return tooMany;
                after = after with { Metadata = metadata.Value.Pairs };
            }

            if (patch.Domains is { } wanted)
            {
                var domains = OrganizationDomains.Write(changes, context, after, wanted);
                if (domains.Fault is { } refused)
                    return refused;
                after = domains.Value;
            }

            if (EventData.IsSame(
                DirectoryShapes.Of(before), DirectoryShapes.Of(after with { UpdatedAt = before.UpdatedAt }), WarderJson.Wire.Organization))
                return Answer.Ok(DirectoryShapes.Of(before), WarderJson.Wire.Organization);
            OrganizationTable.Update(context.Session, after);
            var data = EventData.OfChange(DirectoryShapes.Of(before), DirectoryShapes.Of(after), WarderJson.Wire.Organization);
            changes.Append(context, EventTypes.OrganizationUpdated, data, after.Id);
            return Answer.Ok(DirectoryShapes.Of(after), WarderJson.Wire.Organization);
        });

    /// <summary>Deletes an organization. Its keys end with it.</summary>
    public static async Task<Result<Answer>> Delete(ChangeContext changes, string id)
    {
        var keys = KeyEndings.OfOrganization(changes.Environment, id);
        if (changes.DryRun)
        {
            return await OwnerEnding.DryRun(changes, (session, now) => OrganizationTable.Find(session, changes.Environment, id) is null
                ? NotFound
                : (new KeyFilter { OrganizationId = id }, keys.Count(session, now)));
        }

        var tally = await OwnerEnding.TallyKeys(changes, keys);
        return await changes.Change(context =>
        {
            if (OrganizationTable.Find(context.Session, changes.Environment, id, RowLock.Update) is not { } organization)
                return NotFound;
            MembershipTable.HoldOfOrganization(context.Session, id);
            var ended = keys.Count(context.Session, context.Now, tally);
            OrganizationTable.Delete(context.Session, organization, context.Now);
            OrganizationDomainTable.DeleteOf(context.Session, organization);
            MembershipTable.DeleteOf(context.Session, null, id, context.Now);
            var data = EventData.Of(DirectoryShapes.Of(organization), WarderJson.Wire.Organization).WithKeysEnded(ended);
            changes.Append(context, EventTypes.OrganizationDeleted, data, id, new CacheDelta(CacheDeltaKind.OrganizationEnded, id));
            return Answer.NoContent;
        });
    }

    private static Fault NotFound => Fault.NotFound("Organization");

    private static Fault? ExternalIdTaken(ChangeContext changes, CommandContext context, string? externalId, string? self)
        => externalId is not null && OrganizationTable.FindByExternalId(context.Session, changes.Environment, externalId) is { } other
            && other.Id != self
            ? Fault.Field("external_id", "external_id_already_used", "Another organization has this external id.")
            : null;
}
