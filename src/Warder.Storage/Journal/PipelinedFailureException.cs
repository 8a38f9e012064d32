using System.Data.Common;

namespace Warder.Storage.Journal;

/// <summary>
/// A statement of the command before failed only now, because it was sent with the first of this one. Nothing of this one was run: that one
/// is taken back, and this one runs again.
/// </summary>
internal sealed class PipelinedFailureException(DbException failure) : Exception(failure.Message, failure)
{
    /// <summary>The error of the database.</summary>
    public DbException Failure { get; } = failure;
}
