namespace Warder.Storage.Journal;

/// <summary>A commit came to its end after it was given up: the thread has nothing left to do.</summary>
internal sealed class CommitAbandonedException() : Exception("The commit was given up before it ended.");
