namespace Warder.Storage.Postgres;

/// <summary>
/// The notification between nodes when the log has grown. It wakes a node, and carries no content: any role of the database may send one. A
/// node that misses it reads the log at its next poll.
/// </summary>
public static class LogNotifications
{
    /// <summary>The statement that notifies all nodes.</summary>
    internal const string Statement = "NOTIFY " + Channel;

    private const string Channel = "warder_log";

    /// <summary>Subscribes a session to the notifications.</summary>
    public static void Listen(Session session) => session.Execute("LISTEN " + Channel);

    /// <summary>
    /// Notifies all nodes. Always a transaction of its own, after the commit: NOTIFY takes a lock that all notifying commits of the
    /// database share.
    /// </summary>
    public static void Notify(Session session) => session.Execute(Statement);

    /// <summary>
    /// Waits for a notification, or for the given time. A notification that came with the answer to an earlier statement ends the wait at
    /// once.
    /// </summary>
    public static void Wait(Session session, int milliseconds) => ((PostgresSession)session).WaitForNotification(milliseconds);
}
