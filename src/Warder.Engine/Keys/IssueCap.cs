using Warder.Core.Faults;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Engine.Keys;

/// <summary>
/// The cap of an environment that has one: no API key ends later than the authority that issues it, extends it or adds permissions to it.
/// </summary>
internal static class IssueCap
{
    /// <summary>Checks the end of a key against the caller's authority.</summary>
    /// <param name="changes">The context of the change.</param>
    /// <param name="context">The transaction.</param>
    /// <param name="expiresAt">The key's end; null: never.</param>
    /// <param name="field">The member at fault.</param>
    /// <returns>The fault for an end that the caller may not grant; null: it may, or the environment has no cap.</returns>
    public static Fault? Refuse(ChangeContext changes, CommandContext context, Instant? expiresAt, string field = "expires_at")
        => context.Authority.OutlivedBy(expiresAt, field) is { } outlived
            && EnvironmentTable.CapsIssuedKeys(context.Session, changes.Environment) ? outlived : null;
}
