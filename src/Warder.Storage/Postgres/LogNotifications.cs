namespace Warder.Storage.Postgres;

/// <summary>
/// The notifications between nodes: the log has grown, or a node has acknowledged. They wake a node, and carry no content: any role of the
/// database may send them. A node that misses one reads the tables at its next poll.
/// </summary>
public static class LogNotifications
{
    /// <summary>The statement that notifies all nodes that the log has grown.</summary>
    internal const string Statement = "NOTIFY " + LogChannel;

    /// <summary>The expression, in a statement that writes an acknowledgement, that notifies all nodes of it at the commit.</summary>
    internal const string OfAcknowledgement = "pg_notify('" + AcksChannel + "', '')";

    /// <summary>The channel of the log.</summary>
    internal const string LogChannel = "warder_log";

    /// <summary>The channel of acknowledgements.</summary>
    internal const string AcksChannel = "warder_acks";

    /// <summary>Subscribes a session to both.</summary>
    public static void Listen(Session session)
    {
        session.Execute("LISTEN " + LogChannel);
        session.Execute("LISTEN " + AcksChannel);
    }

    /// <summary>
    /// Notifies all nodes that the log has grown. Always a transaction of its own, after the commit: NOTIFY takes a lock that all notifying
    /// commits of the database share.
    /// </summary>
    public static void Notify(Session session) => session.Execute(Statement);

    /// <summary>
    /// Waits for a notification, or for the given time. A notification that came with the answer to an earlier statement ends the wait at
    /// once.
    /// </summary>
    /// <returns>The notifications since the last wait. Those that this store sent are not among them.</returns>
    public static Notifications Wait(Session session, int milliseconds) => ((PostgresSession)session).WaitForNotifications(milliseconds);
}
