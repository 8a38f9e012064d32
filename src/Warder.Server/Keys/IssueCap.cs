using Warder.Core.Faults;
using Warder.Core.Time;
using Warder.Engine.Changes;
using Warder.Server.Http;
using Warder.Storage.Directory;
using Warder.Storage.Journal;

namespace Warder.Server.Keys;

/// <summary>
/// The cap of an environment that has one: no API key ends later than the authority that issues it, extends it or adds to it.
/// </summary>
internal static class IssueCap
{
    /// <summary>The fault for an end that the caller may not grant; null when it may, or the environment has no cap.</summary>
    /// <param name="changes">Who asks, and where.</param>
    /// <param name="context">The transaction.</param>
    /// <param name="expiresAt">When the key shall end; null: never.</param>
    /// <param name="field">The member at fault.</param>
    public static Fault? Refuse(ChangeContext changes, CommandContext context, Instant? expiresAt, string field = "expires_at")
        => context.Authority.OutlivedBy(expiresAt, field) is { } outlived && EnvironmentTable.CapsIssuedKeys(context.Session, changes.Environment) ? outlived : null;
}
