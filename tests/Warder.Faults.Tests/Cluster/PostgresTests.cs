using System.Diagnostics;
using System.Net;
using Warder.Faults.Cluster;

namespace Warder.Faults.Tests.Cluster;

/// <summary>
/// A real PostgreSQL and its own client, with a link between them, on one network: the link holds back the bytes of a cut.
/// </summary>
public sealed class PostgresTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan MuchLongerThanAnAnswerTakes = TimeSpan.FromSeconds(1);

    private readonly string directory = Fleet.NewDirectory();
    private readonly Postgres postgres;
    private readonly DatabaseLink link;

    public PostgresTests()
    {
        postgres = new Postgres(directory);
        link = new DatabaseLink(new IPEndPoint(IPAddress.Loopback, 0), postgres.Address, null);
    }

    public void Dispose()
    {
        link.Dispose();
        postgres.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void What_was_committed_is_there_after_every_way_of_restarting()
    {
        Returns("", "CREATE TABLE t (n INT)");
        var n = 0;
        foreach (var how in (Signal[])[Signal.Interrupt, Signal.Quit])
        {
            Returns("", $"INSERT INTO t VALUES ({++n})");
            postgres.Restart(how, TimeSpan.Zero);
            Returns($"{n}", "SELECT max(n) FROM t");
        }
    }

    [Fact]
    public void Notifications_are_lost_while_the_link_is_deaf()
    {
        const string Listens = "LISTEN news; NOTIFY news, 'here'";
        Assert.Contains("here", Query(Listens), StringComparison.Ordinal);
        link.IsDeaf = true;
        Assert.DoesNotContain("here", Query(Listens), StringComparison.Ordinal);
        link.IsDeaf = false;
        Assert.Contains("here", Query(Listens), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Way.There))]
    [InlineData(nameof(Way.Back))]
    [InlineData(nameof(Way.Both))]
    public async Task What_is_cut_arrives_once_it_is_mended(string way)
    {
        link.Cut(Enum.Parse<Way>(way), true);
        var query = Task.Run(() => Query("SELECT 1"));
        await Assert.ThrowsAsync<TimeoutException>(() => query.WaitAsync(MuchLongerThanAnAnswerTakes));
        link.Cut(Enum.Parse<Way>(way), false);

        Assert.Equal("1", await query.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_database_that_stands_still_goes_on()
    {
        postgres.Pause();
        var query = Task.Run(() => Query("SELECT 1"));
        await Assert.ThrowsAsync<TimeoutException>(() => query.WaitAsync(MuchLongerThanAnAnswerTakes));
        postgres.Continue();

        Assert.Equal("1", await query.WaitAsync(Patience));
    }

    [Fact]
    public void A_slow_link_is_late_each_way()
    {
        (link.DelayThere, link.DelayBack) = (TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(200));
        var query = Stopwatch.StartNew();
        Returns("1", "SELECT 1");

        // Connecting and querying take several turns, each up to half a second late: a much shorter time is as good as impossible.
        Assert.True(query.Elapsed > TimeSpan.FromMilliseconds(300), $"{query.Elapsed}");
    }

    private void Returns(string answer, string sql) => Assert.Equal(answer, Query(sql));

    private string Query(string sql)
    {
        var settings = postgres.ConnectionString(link.Address).Split(';').Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var (code, output) = RunningProgram.Try(
        [
            "env", $"PGPASSWORD={settings["Password"]}", "PGSSLMODE=disable", "PGGSSENCMODE=disable", "psql", "-qAtX", "-h",
            settings["Host"], "-p", settings["Port"],
            "-U", settings["Username"], "-d", settings["Database"], .. sql.Split("; ").SelectMany(statement => (string[])["-c", statement]),
        ]);
        Assert.True(code == 0, output);
        return output;
    }
}
