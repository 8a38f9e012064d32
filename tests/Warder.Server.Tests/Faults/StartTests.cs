using System.Net;
using System.Net.Sockets;
using Warder.Core.Secrets;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Server.Tests.Hosting;
using Warder.Storage;

namespace Warder.Server.Tests.Faults;

/// <summary>A start that fails reports the reason, changes nothing, and leaves the directory usable for the next start.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_second_server_on_one_data_directory_is_refused_and_the_first_goes_on()
    {
        await using var warder = await RunningWarder.StartAsync();
        var refused = await Refused(warder.Folder);
        Assert.Equal(StorageFaultKind.InUse, refused.Kind);
        Assert.Contains(warder.Folder.Path, refused.Message, StringComparison.Ordinal);
        await using (var process = await WarderProcess.StartAsync(warder.Folder))
        {
            Assert.Equal(5, await process.ExitAsync());
            Assert.Contains("Another Warder uses", process.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", process.Errors, StringComparison.Ordinal);
        }

        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        await warder.RestartAsync();
        Assert.Equal("allowed", await warder.Decide(own.KeyValue));
    }

    [Fact]
    public async Task Without_its_root_key_it_does_not_start_and_with_it_it_does()
    {
        using var folder = await Data();
        var key = await File.ReadAllBytesAsync(folder.RootKey);
        var other = Entropy.System.Bytes(32);
        foreach (var (content, message) in new[] { (null, "is missing"), (other, "is not this database's"),
            (key[..31], "is not this database's"), ([], "is not this database's") })
        {
            File.Delete(folder.RootKey);
            if (content is not null)
                await DataFolder.Write(folder.RootKey, content);
            var refused = await Unchanged(folder);
            Assert.Equal(StorageFaultKind.Damaged, refused.Kind);
            Assert.Contains(message, refused.Message, StringComparison.Ordinal);
            Assert.Contains("WARDER_ROOT_KEY_FILE", refused.Message, StringComparison.Ordinal);
            Assert.Equal(content is not null, File.Exists(folder.RootKey));
        }

        await DataFolder.Write(folder.RootKey, key);
        await using var warder = await RunningWarder.StartAsync(folder);
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task A_database_of_a_newer_version_is_left_as_it_is()
    {
        using var folder = await Data();
        Alter(folder, "INSERT INTO schema_versions (version, name) VALUES (999999, 'from the future')");
        var refused = await Unchanged(folder);
        Assert.Equal(StorageFaultKind.NewerVersion, refused.Kind);
        Assert.Contains("999999", refused.Message, StringComparison.Ordinal);
        Alter(folder, "DELETE FROM schema_versions WHERE version = 999999");
        await using var warder = await RunningWarder.StartAsync(folder);
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task A_database_that_a_newer_version_only_added_to_is_served()
    {
        using var folder = await Data();
        Alter(folder, "CREATE TABLE later (id INTEGER)");
        Alter(folder, "ALTER TABLE api_keys ADD COLUMN later TEXT NOT NULL DEFAULT ''");
        Alter(
            folder,
            "INSERT INTO schema_versions (version, name, readable_from)"
            + " SELECT 999998, 'from the future', MAX(version) FROM schema_versions");
        await using (var warder = await RunningWarder.StartAsync(folder))
        {
            var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
            var key = (await warder.Post($"/organizations/{organization}/api_keys", new { name = "k" })).Is(201);
            Assert.Equal("allowed", await warder.Decide(key.Value));
            Assert.Null(warder.VerifyLog().Problem);
        }

        // A further migration leaves the database unusable for this version.
        Alter(folder, "INSERT INTO schema_versions (version, name, readable_from) VALUES (999999, 'from further', 999998)");
        Assert.Equal(StorageFaultKind.NewerVersion, (await Unchanged(folder)).Kind);
    }

    [Trait("database", "sqlite")]
    [Theory]
    [InlineData("its header overwritten")]
    [InlineData("its first page overwritten")]
    [InlineData("its schema overwritten")]
    [InlineData("cut in half")]
    [InlineData("cut within its first page")]
    [InlineData("cut to nothing")]
    [InlineData("another kind of file")]
    [InlineData("gone")]
    public async Task A_damaged_database_is_not_served_and_not_replaced(string how)
    {
        using var folder = await Data();
        var good = await File.ReadAllBytesAsync(folder.Database);
        var bad = good.ToArray();
        switch (how)
        {
            case "its header overwritten": bad.AsSpan(0, 16).Fill(0x55); break;
            case "its first page overwritten": bad.AsSpan(0, 4096).Fill(0x55); break;
            case "its schema overwritten": bad.AsSpan(100, 3996).Fill(0x55); break;
            case "cut in half": bad = bad[..(bad.Length / 2 / 4096 * 4096)]; break;
            case "cut within its first page": bad = bad[..1000]; break;
            case "cut to nothing" or "gone": bad = []; break;
            default: bad = [.. "PK not a database at all, and long enough to look like one"u8, .. Entropy.System.Bytes(9000)]; break;
        }

        var key = await File.ReadAllTextAsync(folder.ManagementKey);
        await DataFolder.Write(folder.Database, bad);
        if (how == "gone")
            File.Delete(folder.Database);
        var refused = await Refused(folder);
        Assert.Equal(StorageFaultKind.Damaged, refused.Kind);
        Assert.Contains(folder.Database, refused.Message, StringComparison.Ordinal);
        Assert.Equal(key, await File.ReadAllTextAsync(folder.ManagementKey));

        await DataFolder.Write(folder.Database, good);
        foreach (var file in (string[])["-wal", "-shm"])
            File.Delete(folder.Database + file);
        await using var warder = await RunningWarder.StartAsync(folder);
        Assert.Null(warder.VerifyLog().Problem);
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task Where_it_may_not_write_it_says_so_and_ends_with_5()
    {
        using var folder = await Data();
        var isRoot = Environment.UserName == "root";
        // The data belongs to another user, and the server runs as that user.
        if (isRoot)
        {
            using var change = System.Diagnostics.Process.Start("chown", ["-R", "65534:65534", folder.Path]);
            await change.WaitForExitAsync();
        }

        foreach (var (path, mode) in new[] { (folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute),
            (folder.Database, UnixFileMode.UserRead) })
        {
            var before = File.GetUnixFileMode(path);
            File.SetUnixFileMode(path, mode);
            var aside = isRoot
                ? "exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$0\" serve --data \"$1\" --listen http://127.0.0.1:0;"
                : "";
            await using (var process = await WarderProcess.StartAsync(folder, aside))
            {
                Assert.True(await process.ExitAsync() == 5, process.Errors);
                Assert.Contains(folder.Path, process.Errors, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", process.Errors, StringComparison.Ordinal);
                Assert.DoesNotContain("Another Warder", process.Errors, StringComparison.Ordinal);
            }

            File.SetUnixFileMode(path, before);
        }
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task A_first_start_without_room_says_what_failed_and_the_next_with_room_is_a_first_start()
    {
        using var folder = new DataFolder();
        // 30 kB for each file. The shell ignores the limit's signal, so that writes fail as on a full disk.
        await using (var process = await WarderProcess.StartAsync(
            folder, "trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -f 60;"))
        {
            Assert.Equal(5, await process.ExitAsync());
            Assert.Contains(folder.Database, process.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("cannot rollback", process.Errors, StringComparison.Ordinal);
        }

        await using var warder = await RunningWarder.StartAsync(folder);
        (await warder.Get("/api_keys")).Is(200);
        Assert.Null(warder.VerifyLog().Problem);
    }

    [Fact]
    public async Task A_port_that_is_taken_leaves_the_data_directory_free()
    {
        using var folder = await Data();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var options = new ServeOptions { DataDirectory = folder.Path, Database = folder.Shared,
            Listen = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}" };
        await Assert.ThrowsAnyAsync<IOException>(() => WarderHost.StartAsync(options));
        await using var warder = await RunningWarder.StartAsync(folder);
        Assert.Null(warder.VerifyLog().Problem);
    }

    [Trait("database", "sqlite")]
    [Fact]
    public async Task A_first_start_that_was_cut_short_is_finished_by_the_next()
    {
        using var folder = new DataFolder();
        // A kill can leave this: the database exists before the secrets, and the secrets are written before the commit that needs them.
        await DataFolder.Write(folder.Database, []);
        Storage.Sqlite.SqliteStore.Open(folder.Database).Dispose();
        await DataFolder.Write(folder.ManagementKey, "wdrm_neverCommitted\n"u8.ToArray());
        await DataFolder.Write(folder.ManagementKey + ".tmp", "wdrm_ha"u8.ToArray());
        await DataFolder.Write(folder.RootKey, Entropy.System.Bytes(32));
        await DataFolder.Write(folder.RootKey + ".tmp", Entropy.System.Bytes(7));
        await using var warder = await RunningWarder.StartAsync(folder);
        (await warder.Get("/api_keys")).Is(200);
    }

    private static async Task<DataFolder> Data()
    {
        var folder = new DataFolder();
        await using var warder = await RunningWarder.StartAsync(folder);
        await Fixture.MakeAsync(warder, warder.Key, "a");
        return folder;
    }

    private static async Task<StorageException> Refused(DataFolder folder)
    {
        try
        {
            await using var warder = await RunningWarder.StartAsync(folder);
        }
        catch (StorageException e)
        {
            return e;
        }

        throw new Xunit.Sdk.XunitException("It started.");
    }

    private static async Task<StorageException> Unchanged(DataFolder folder)
    {
        var before = folder.Shared is null ? await File.ReadAllBytesAsync(folder.Database) : [];
        var refused = await Refused(folder);
        Assert.Equal(before, folder.Shared is null ? await File.ReadAllBytesAsync(folder.Database) : []);
        return refused;
    }

    private static void Alter(DataFolder folder, string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={folder.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }
}
