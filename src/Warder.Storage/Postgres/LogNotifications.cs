namespace Warder.Storage.Postgres;

/// <summary>
/// The word that passes between nodes when the log has grown: it wakes, and says nothing. Whoever misses it finds out by looking.
/// </summary>
public static class LogNotifications
{
    /// <summary>The statement that tells everybody.</summary>
    internal const string Word = "NOTIFY " + Channel;

    private const string Channel = "warder_log";

    /// <summary>Has a session hear the news from now on.</summary>
    public static void Listen(Session session) => session.Execute("LISTEN " + Channel);

    /// <summary>
    /// Tells everybody. Always a transaction of its own, after the commit: to notify takes a lock that all of the database's commits with
    /// news share.
    /// </summary>
    public static void Tell(Session session) => session.Execute(Word);

    /// <summary>Waits for news, or for so long.</summary>
    public static void Wait(Session session, int milliseconds) => ((PostgresSession)session).WaitForNews(milliseconds);
}
