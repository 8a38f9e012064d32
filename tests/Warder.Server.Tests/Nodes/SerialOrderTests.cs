using System.Diagnostics;
using Npgsql;
using Warder.Server.Tests.Hosting;

namespace Warder.Server.Tests.Nodes;

/// <summary>
/// Two nodes change the same things concurrently: the outcome equals one of the two serial orders. A lock on the log's head stops one node
/// between its last statement and its commit while the other node runs.
/// </summary>
public sealed class SerialOrderTests
{
    private const string Keys = "/api_keys/{key}";
    private const string Member = "/user_management/organization_memberships/{member}";

    private static readonly Change[] OfKeys =
    [
        new("revoke", "POST", Keys + "/revoke"),
        new("expire", "POST", Keys + "/expire"),
        new("suspend", "POST", Keys + "/suspend"),
        new("rotate", "POST", Keys + "/rotate", """{"overlap_seconds":0}"""),
        new("narrow key", "PATCH", Keys, """{"permissions":[]}"""),
        new("rename key", "PATCH", Keys, """{"name":"renamed","responsible_user_id":"{other}"}"""),
        new("issue to organization", "POST", "/organizations/{org}/api_keys", """{"name":"n","permissions":["p:{suffix}"]}"""),
        new(
            "issue to user", "POST", "/user_management/users/{user}/api_keys",
            """{"name":"n","organization_id":"{org}","permissions":["p:{suffix}"]}"""),
        new("issue once", "POST", "/organizations/{org}/api_keys", """{"name":"once"}""", IdempotencyKey: true),
        new(
            "issue as manager", "POST", "/organizations/{org}/api_keys", """{"name":"m","responsible_user_id":"{other}"}""",
            AsManager: true),
    ];

    private static readonly Change[] OfOwners =
    [
        new("delete organization", "DELETE", "/organizations/{org}"),
        new("name organization", "PUT", "/organizations/{org}", """{"external_id":"e-{suffix}"}"""),
        new("add organization", "POST", "/organizations", """{"name":"o","external_id":"e-{suffix}"}"""),
        new("delete user", "DELETE", "/user_management/users/{user}"),
        new("erase user", "POST", "/user_management/users/{user}/erase"),
        new("move user", "PUT", "/user_management/users/{user}", """{"email":"moved{suffix}@example.com"}"""),
        new("add user", "POST", "/user_management/users", """{"email":"moved{suffix}@example.com"}"""),
        new(
            "add member", "POST", "/user_management/organization_memberships",
            """{"user_id":"{other}","organization_id":"{org}","role_slug":"s-{suffix}"}"""),
        new("delete member", "DELETE", Member),
        new("deactivate", "PUT", Member + "/deactivate"),
        new("give role", "PUT", Member, """{"role_slug":"s-{suffix}"}"""),
    ];

    private static readonly Change[] OfAccess =
    [
        new("empty role", "PUT", "/authorization/roles/r-{suffix}/permissions", """{"permissions":[]}"""),
        new("fill role", "POST", "/authorization/roles/s-{suffix}/permissions", """{"permissions":["p:{suffix}"]}"""),
        new("delete role", "DELETE", "/authorization/roles/s-{suffix}"),
        new("delete permission", "DELETE", "/authorization/permissions/p:{suffix}"),
        new("limit permission", "PATCH", "/authorization/permissions/p:{suffix}", """{"allowed_owner_types":["organization"]}"""),
        new("add permission", "POST", "/authorization/permissions", """{"slug":"q:{suffix}","name":"q"}"""),
        new("revoke manager", "POST", "/management_keys/{manager}/revoke"),
        new("weaken manager", "PATCH", "/management_keys/{manager}", """{"rights":["keys:read"]}"""),
        new("limit manager", "PATCH", "/management_keys/{manager}", """{"name":"limited","expires_at":"2100-01-01T00:00:00Z"}"""),
        new("grant as manager", "POST", "/management_keys", """{"name":"g","rights":["keys:read"]}""", AsManager: true),
        new("cap issued keys", "PATCH", "/environments/{environment}", """{"cap_issued_keys":true}"""),
        new("issue beyond end", "POST", "/organizations/{org}/api_keys", """{"name":"b"}""", AsManager: true, Manager: "ending"),
    ];

    private static readonly Change[] All = [.. OfKeys, .. OfOwners, .. OfAccess];

    /// <summary>Pairs each change with itself and with those after it in the list. The stopped node alternates.</summary>
    public static TheoryData<string> Names => [.. All.Select(change => change.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_two_nodes_do_at_once_is_what_one_order_of_the_two_would_have_done(string name)
    {
        using var folder = DataFolder.OnOwnPostgres();
        await using var one = await RunningWarder.StartAsync(folder);
        using var beside = folder.Beside();
        await using var two = await RunningWarder.StartAsync(beside);
        var at = Array.FindIndex(All, change => change.Name == name);
        var wrong = new List<string>();
        for (var i = at; i < All.Length; i++)
        {
            var (first, second) = (at + i) % 2 == 0 ? (All[at], All[i]) : (All[i], All[at]);
            var together = await Together(one, two, first, second);
            var serial = await InOrder(one, first, "1", second, "2");
            var other = together == serial ? serial : await InOrder(one, second, "2", first, "1");
            if (together != serial && together != other)
                wrong.Add($"1 ({first.Name}) and 2 ({second.Name}) at once:\n{together}\n\n1, then 2:\n{serial}\n\n2, then 1:\n{other}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
        Assert.Null(one.VerifyLog().Problem);
    }

    // A number identifies a change, because a change made twice has two orders as well.
    private static async Task<string> InOrder(RunningWarder warder, Change first, string firstNumber, Change second, string secondNumber)
    {
        var scene = await Scene.MakeAsync(warder);
        var changes = warder.Changes;
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [firstNumber] = await scene.Send(warder, first),
            [secondNumber] = await scene.Send(warder, second),
        };
        return await Describe(scene, warder, changes, answers);
    }

    private static async Task<string> Together(RunningWarder one, RunningWarder two, Change first, Change second)
    {
        var scene = await Scene.MakeAsync(one);
        // Both nodes load the management key before the first change.
        two.Node.Memory.Reload();
        var changes = one.Changes;
        await using var connection = new NpgsqlConnection(one.Folder.Shared!.Reveal() + ";Pooling=false");
        await connection.OpenAsync();
        await Run(connection, "BEGIN; SELECT 1 FROM log_head FOR UPDATE");
        var earlier = scene.Send(one, first);
        await WaitForLocks(connection, 1, earlier);
        var later = scene.Send(two, second);
        await WaitForLocks(connection, earlier.IsCompleted ? 1 : 2, later);
        await Run(connection, "COMMIT");
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["1"] = await earlier, ["2"] = await later };
        return await Describe(scene, one, changes, answers);
    }

    // Waits until that many sessions wait for a lock, or the change has been refused.
    private static async Task WaitForLocks(NpgsqlConnection connection, int count, Task<string> change)
    {
        var since = Stopwatch.StartNew();
        while (!change.IsCompleted && since.Elapsed < TimeSpan.FromSeconds(3))
        {
            // PostgreSQL caches its statistics in a transaction, until the snapshot is cleared.
            await Run(connection, "SELECT pg_stat_clear_snapshot()");
            await using var command = new NpgsqlCommand(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", connection);
            if ((long)(await command.ExecuteScalarAsync())! >= count)
                return;
        }
    }

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> Describe(Scene scene, RunningWarder warder, long changes, SortedDictionary<string, string> answers)
        => string.Join('\n', answers.Select(answer => $"{answer.Key}: {answer.Value}")) + "\n"
            + await scene.Describe(warder, (int)(warder.Changes - changes));
}
