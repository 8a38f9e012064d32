using Warder.Core.Faults;

namespace Warder.Engine.Secrets;

/// <summary>The refusals of requests about a row that does not verify.</summary>
internal static class RowFaults
{
    /// <summary>Creates the fault for a row without a valid MAC under the root key.</summary>
    /// <param name="what">The name of the row's object.</param>
    public static Fault NotVerified(string what)
        => Fault.Conflict(
            "row_not_verified",
            $"The row of this {what} does not verify under the root key: something other than Warder wrote it."
            + " It is not used. Restore it from a backup, or delete the row.");
}
