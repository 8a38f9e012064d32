using Warder.Core.Faults;
using Warder.Core.Management;

namespace Warder.Engine.Management;

/// <summary>The rights that a request names.</summary>
/// <param name="Each">The rights in the order of the request.</param>
internal sealed record RightsRequest(IReadOnlyList<Rights> Each)
{
    /// <summary>The union of the rights.</summary>
    public Rights All => Each.Aggregate(Rights.None, static (all, right) => all | right);

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
