using System.Diagnostics;
using Warder.Storage.Postgres;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Postgres;

/// <summary>Notifications that end a wait.</summary>
public sealed class NotificationTests : IDisposable
{
    // Far longer than a notification takes.
    private const int LongMilliseconds = 60_000;

    private readonly TestDatabase database = new(Database.Postgres);
    private readonly Session listening;
    private readonly Session writer;

    public NotificationTests()
    {
        (listening, writer) = (database.Open().OpenWriter(), database.Open().OpenWriter());
        LogNotifications.Listen(listening);
    }

    public void Dispose()
    {
        listening.Dispose();
        writer.Dispose();
        database.Dispose();
    }

    [Fact]
    public void A_notification_ends_a_wait()
    {
        LogNotifications.Notify(writer);
        WaitShort();
    }

    [Fact]
    public void A_notification_that_comes_with_an_answer_ends_the_next_wait()
    {
        LogNotifications.Notify(writer);
        // The server sends a notification that is due before the answer to the next statement.
        Assert.Equal(1, listening.Number("SELECT 1"));
        WaitShort();
    }

    [Fact]
    public void A_notification_ends_one_wait_only()
    {
        LogNotifications.Notify(writer);
        WaitShort();
        var since = Stopwatch.StartNew();
        LogNotifications.Wait(listening, 100);
        Assert.True(since.ElapsedMilliseconds >= 90);
    }

    private void WaitShort()
    {
        var since = Stopwatch.StartNew();
        LogNotifications.Wait(listening, LongMilliseconds);
        Assert.True(since.ElapsedMilliseconds < LongMilliseconds / 2);
    }
}
