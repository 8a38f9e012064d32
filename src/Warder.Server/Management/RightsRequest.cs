using Warder.Core.Faults;
using Warder.Core.Management;
using Warder.Server.Http;

namespace Warder.Server.Management;

/// <summary>The rights that a body names.</summary>
/// <param name="Each">The rights in the order of the body.</param>
internal sealed record RightsRequest(IReadOnlyList<Rights> Each)
{
    /// <summary>The union of the rights.</summary>
    public Rights All => Each.Aggregate(Rights.None, static (all, right) => all | right);

    /// <summary>Reads <c>rights</c>.</summary>
    /// <returns>Null: the member is missing or refused.</returns>
    public static RightsRequest? Read(JsonFields fields)
    {
        if (fields.OptionalTexts("rights", RightNames.Every.Count * 2, 64) is not { } names)
            return null;
        var rights = names.Select(RightNames.Parse).ToList();
        for (var i = 0; i < rights.Count; i++)
        {
            if (rights[i] == Rights.None)
                fields.Refuse(
                    $"rights[{i}]", "invalid_value", "Must be one of " + string.Join(", ", RightNames.Every.Select(row => row.Name)) + ".");
        }

        return new RightsRequest(rights);
    }

    /// <summary>Checks that the grantor has each of the rights.</summary>
    /// <returns>The fault that names each right beyond the grantor's; null: there is none.</returns>
    public Fault? Beyond(Rights grantor)
    {
        var faults = Each.Select(static (right, i) => (Right: right, Field: $"rights[{i}]")).Where(each => (each.Right & ~grantor) != 0)
            .Select(
                static each => new FieldFault(each.Field, "exceeds_grantor", "Your own management key does not have this right.")).ToList();
        return faults.Count == 0 ? null : Fault.Invalid(faults);
    }
}
