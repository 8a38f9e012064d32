using Warder.Core.Directory;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Engine.Changes;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Engine.Directory;

/// <summary>A requested domain of an organization.</summary>
/// <param name="Domain">The name, as <see cref="DomainName.Read"/> gives it.</param>
/// <param name="State">The state; null: that of the domain that is there, or pending.</param>
internal sealed record WantedDomain(string Domain, DomainState? State);

/// <summary>The domains of organizations.</summary>
internal static class OrganizationDomains
{
    /// <summary>Gives an organization these domains and no others. A domain that stays keeps its id.</summary>
    /// <returns>The organization with its domains. A fault when another organization has one of them.</returns>
    public static Result<Organization> Write(
        ChangeContext changes, CommandContext context, Organization organization, IReadOnlyList<WantedDomain> wanted)
    {
        var had = organization.Domains.ToDictionary(domain => domain.Domain, StringComparer.Ordinal);
        var domains = new List<OrganizationDomain>(wanted.Count);
        foreach (var (name, state) in wanted)
        {
            if (had.Remove(name, out var kept))
            {
                var after = state is null || state == kept.State ? kept : kept with { State = state.Value, UpdatedAt = context.Now };
                if (after != kept)
                    OrganizationDomainTable.Update(context.Session, organization.Environment, after);
                domains.Add(after);
                continue;
            }

            if (OrganizationDomainTable.OwnerOf(context.Session, organization.Environment, name) is not null)
                return Fault.Conflict("domain_already_exists", $"Another organization has the domain {name}.");
            var added = new OrganizationDomain
            {
                Id = changes.NewId(IdKind.OrganizationDomain, context),
                OrganizationId = organization.Id,
                Domain = name,
                State = state ?? DomainState.Pending,
                CreatedAt = context.Now,
                UpdatedAt = context.Now,
            };
            OrganizationDomainTable.Insert(context.Session, organization.Environment, added);
            domains.Add(added);
        }

        foreach (var removed in had.Values)
            OrganizationDomainTable.Delete(context.Session, organization.Environment, removed);
        return organization with { Domains = [.. domains.OrderBy(domain => domain.Id, StringComparer.Ordinal)] };
    }
}
