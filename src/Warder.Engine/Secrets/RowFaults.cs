using Warder.Core.Faults;

namespace Warder.Engine.Secrets;

/// <summary>The refusal of a request about a row that does not verify.</summary>
internal static class RowFaults
{
    /// <summary>The row is there, and its MAC is not the root key's.</summary>
    /// <param name="what">What the row holds.</param>
    public static Fault NotVerified(string what)
        => Fault.Conflict(
            "row_not_verified", $"The row of this {what} does not verify under the root key: something other than Warder wrote it. It is not used. Restore it from a backup, or delete the row.");
}
