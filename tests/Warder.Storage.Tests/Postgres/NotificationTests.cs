using Warder.Storage.Nodes;
using Warder.Storage.Postgres;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Postgres;

/// <summary>Which notifications end a wait.</summary>
public sealed class NotificationTests : IDisposable
{
    // Far longer than a notification takes, so that a wait that is not ended fails the test.
    private const int LongMilliseconds = 60_000;

    private readonly TestDatabase database = new(Database.Postgres);
    private readonly Store own;
    private readonly Session listening;
    private readonly Session ownWriter;
    private readonly Session otherWriter;

    public NotificationTests()
    {
        own = database.Open();
        (listening, ownWriter, otherWriter) = (own.OpenWriter(), own.OpenWriter(), database.Open().OpenWriter());
        NodeTable.Register(otherWriter, new NodeRegistration(1, "node_1", "n", "0", 60_000, 1), null);
        LogNotifications.Listen(listening);
    }

    public void Dispose()
    {
        listening.Dispose();
        ownWriter.Dispose();
        otherWriter.Dispose();
        database.Dispose();
    }

    [Fact]
    public void A_notification_of_another_store_ends_a_wait()
    {
        LogNotifications.Notify(otherWriter);
        Assert.Equal(Notifications.Log, LogNotifications.Wait(listening, LongMilliseconds));
    }

    [Fact]
    public void A_stores_own_notifications_are_not_reported()
    {
        LogNotifications.Notify(ownWriter);
        Assert.Equal(Notifications.None, LogNotifications.Wait(listening, LongMilliseconds));
        LogNotifications.Notify(otherWriter);
        Assert.Equal(Notifications.Log, LogNotifications.Wait(listening, LongMilliseconds));
    }

    [Fact]
    public void A_notification_that_comes_with_an_answer_ends_the_next_wait()
    {
        LogNotifications.Notify(otherWriter);
        // The server sends a notification that is due before the answer to the next statement.
        Assert.Equal(1, listening.Number("SELECT 1"));
        Assert.Equal(Notifications.Log, LogNotifications.Wait(listening, LongMilliseconds));
    }

    [Fact]
    public void An_acknowledgement_notifies_once_it_is_written()
    {
        Assert.True(NodeTable.Acknowledge(otherWriter, 1, new NodeAcks(1, ReplicaAcks.None), null, told: 1));
        Assert.Equal(Notifications.Acks, LogNotifications.Wait(listening, LongMilliseconds));

        Assert.False(NodeTable.Acknowledge(otherWriter, 1, new NodeAcks(1, ReplicaAcks.None), null, told: 1));
        LogNotifications.Notify(otherWriter);
        Assert.Equal(Notifications.Log, LogNotifications.Wait(listening, LongMilliseconds));
    }

    [Fact]
    public void A_wait_without_a_notification_ends()
        => Assert.Equal(Notifications.None, LogNotifications.Wait(listening, 1));
}
