namespace Warder.Core.Directory;

/// <summary>
/// The kinds of owners that a key can have: one of them, with what is known of it. This type and <see cref="IOwnerCases{TOrganization,
/// TMember, TResult}"/> list the kinds, and no other type does: a new kind is a new type parameter and a new case, and each use that lacks
/// it does not compile.
/// </summary>
/// <remarks>
/// The state decides which kind it is, and is not visible: a test for null elsewhere would take an unknown kind for an organization, and
/// give its keys more than they may have. The default is no owner, and has no case.
/// </remarks>
/// <typeparam name="TOrganization">What is known of an organization.</typeparam>
/// <typeparam name="TMember">What is known of a user in an organization.</typeparam>
public readonly record struct Owner<TOrganization, TMember>
    where TOrganization : class
    where TMember : class
{
    private readonly TOrganization? organization;
    private readonly TMember? member;

    private Owner(TOrganization organization, TMember? member) => (this.organization, this.member) = (organization, member);

    /// <summary>The organization that owns the keys, or in which their owner is.</summary>
    public TOrganization Organization => organization ?? throw None();

    /// <summary>The organization itself.</summary>
    public static Owner<TOrganization, TMember> OfOrganization(TOrganization organization) => new(organization, null);

    /// <summary>A user in an organization.</summary>
    public static Owner<TOrganization, TMember> OfMember(TOrganization organization, TMember member) => new(organization, member);

    /// <summary>Calls the function of the owner's kind.</summary>
    public TResult Match<TResult>(Func<TOrganization, TResult> organization, Func<TOrganization, TMember, TResult> member)
        => this.member is null ? organization(Organization) : member(Organization, this.member);

    /// <summary>Calls the case of the owner's kind, without an allocation or an indirect call.</summary>
    public TResult Match<TCases, TResult>(TCases cases)
        where TCases : struct, IOwnerCases<TOrganization, TMember, TResult>, allows ref struct
        where TResult : allows ref struct
        => member is null ? cases.Organization(Organization) : cases.Member(Organization, member);

    private static InvalidOperationException None() => new("There is no owner.");
}

/// <summary>A case for each kind of owner.</summary>
/// <typeparam name="TOrganization">What is known of an organization.</typeparam>
/// <typeparam name="TMember">What is known of a user in an organization.</typeparam>
/// <typeparam name="TResult">What the cases come to.</typeparam>
public interface IOwnerCases<TOrganization, TMember, TResult>
    where TResult : allows ref struct
{
    /// <summary>The owner is an organization.</summary>
    TResult Organization(TOrganization organization);

    /// <summary>The owner is a user in an organization.</summary>
    TResult Member(TOrganization organization, TMember member);
}
