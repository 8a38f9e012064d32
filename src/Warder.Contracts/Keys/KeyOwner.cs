using System.Text.Json.Serialization;

namespace Warder.Contracts.Keys;

/// <summary>The owner that a key acts for: an organization, or a user in an organization.</summary>
public sealed record KeyOwner
{
    /// <summary><c>organization</c> or <c>user</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The organization's or the user's id.</summary>
    public required string Id { get; init; }

    /// <summary>The organization in which a user holds the key; left out when the owner is an organization.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OrganizationId { get; init; }
}

/// <summary>The values of <see cref="KeyOwner.Type"/>.</summary>
public static class OwnerTypes
{
    /// <summary>An organization's own key.</summary>
    public const string Organization = "organization";

    /// <summary>A user's key in one organization.</summary>
    public const string User = "user";
}
