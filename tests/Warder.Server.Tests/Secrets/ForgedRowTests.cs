using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Warder.Client.Receipts;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Server.Tests.Hosting;
using Warder.Storage;
using SigningKey = Warder.Core.Receipts.SigningKey;

namespace Warder.Server.Tests.Secrets;

/// <summary>
/// A writer of the database without the root key gets no right, no signing key and no receipt, and the server reports the row.
/// </summary>
public sealed class ForgedRowTests
{
    [Fact]
    public async Task A_forged_signing_key_is_not_served_and_what_it_signed_does_not_verify()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var (receipt, jws) = await Revoke(warder, own.Key);
        var forger = SigningKey.Create();
        Write(
            warder, "INSERT INTO signing_keys (number, id, x, y, created_at) SELECT MAX(number) + 1, $1, $2, $3, $4 FROM signing_keys",
            forger.Public.Id, forger.Public.X, forger.Public.Y, 1L);
        var forged = forger.Sign(
            Receipt.JwsType, JsonSerializer.SerializeToUtf8Bytes(receipt with { SubjectId = "api_key_forged" }, WarderJson.Wire.Receipt));
        var keys = await KeySet(warder);
        Assert.DoesNotContain(keys.Keys, key => key.Kid == forger.Public.Id);
        Assert.NotNull(ReceiptVerification.Verify(forged, keys).Problem);
        Assert.Null(ReceiptVerification.Verify(jws, keys).Problem);
        Assert.DoesNotContain(forger.Public.Id, (await warder.Get("/signing_keys")).Is(200).Ids);

        // The server still signs, also after a restart, and with another key too.
        await warder.RestartAsync();
        Assert.Null(
            ReceiptVerification.Verify(
                (await Revoke(warder, (await Fixture.MakeAsync(warder, warder.Key, "b")).Key)).Jws, await KeySet(warder)).Problem);
        Assert.True((await warder.Post("/signing_keys")).Is(201).Json.GetProperty("current").GetBoolean());
        var after = await Revoke(warder, (await Fixture.MakeAsync(warder, warder.Key, "c")).Key);
        Assert.Null(ReceiptVerification.Verify(after.Jws, await KeySet(warder)).Problem);
    }

    [Fact]
    public async Task A_forged_management_key_and_a_raised_right_let_nobody_in_and_are_logged()
    {
        using var console = new CapturedConsole();
        await using var warder = await RunningWarder.StartAsync();
        var token = TokenFormat.Issue("wdrm", Entropy.System);
        const string forged = "management_key_01KZZZZZZZZZZZZZZZZZZZZZZZ";
        Write(
            warder,
            "INSERT INTO management_keys (environment, id, name, rights, revoked, deleted, created_at, updated_at) SELECT environment, $1,"
                + " 'forged', rights, 0, 0, 1, 1 FROM management_keys",
            forged);
        Write(
            warder,
            "INSERT INTO management_key_secrets (key_id, number, id, digest, obfuscated_value, ended, created_at) VALUES ($1, 1,"
                + " 'secret_forged', $2, 'wdrm...', 0, 1)",
            forged, token.Digest());
        (await warder.Get("/api_keys", token.Reveal())).Is(401);
        Assert.Equal("row_not_verified", (await warder.Get("/management_keys/" + forged)).Is(409).Code);
        Assert.Equal("row_not_verified", (await warder.Patch("/management_keys/" + forged, new { name = "renamed" })).Is(409).Code);
        Assert.DoesNotContain(forged, (await warder.Get("/management_keys")).Is(200).Ids);

        var granted = (await warder.Post(
            "/management_keys", new { name = "m", rights = new[] { "keys:read", "directory:write" } })).Is(201);
        (await warder.Get("/api_keys", granted.Value)).Is(200);
        Write(warder, "UPDATE management_keys SET rights = 1048575 WHERE id = $1", granted.Id);
        (await warder.Get("/api_keys", granted.Value)).Is(401);
        // A change of the name would give the forged right a MAC.
        Assert.Equal("row_not_verified", (await warder.Patch("/management_keys/" + granted.Id, new { name = "renamed" })).Is(409).Code);
        (await warder.Get("/api_keys")).Is(200);

        Assert.True(Metric(warder) > 0);
        await Eventually.Holds(
            () => Task.FromResult(
                console.Text.Contains($"management_keys {granted.Id}", StringComparison.Ordinal)
                    && console.Text.Contains($"management_keys {forged}", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(10), "The refused rows were not logged.");
    }

    [Fact]
    public async Task A_right_that_is_raised_under_a_call_changes_nothing()
    {
        await using var warder = await RunningWarder.StartAsync();
        var granted = (await warder.Post("/management_keys", new { name = "m", rights = new[] { "directory:write" } })).Is(201);
        // Memory still has the original key: only the command reads the row.
        using (var session = warder.Node.Store.OpenWriter())
            session.Execute("UPDATE management_keys SET rights = 1048575 WHERE id = $1", granted.Id);
        Assert.Equal("insufficient_rights", (await warder.Post("/organizations", new { name = "o" }, granted.Value)).Is(403).Code);
        Assert.Empty((await warder.Get("/organizations")).Is(200).Data);
    }

    [Fact]
    public async Task A_forged_import_scheme_is_not_used_until_it_is_imported()
    {
        await using var warder = await RunningWarder.StartAsync();
        var value = "old_" + new string('a', 40);
        Write(warder, "INSERT INTO import_schemes (environment, prefix, length, alphabet) VALUES (1, 'old_', 40, 0)");
        Assert.Equal("malformed", await warder.Decide(value));
        var organization = (await warder.Post("/organizations", new { name = "o" })).Is(201).Id;
        var key = new
        {
            value_sha256 = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(value))), last_four = "aaaa", name = "n",
            owner = new { type = "organization", id = organization },
        };
        (await warder.Post(
            "/api_keys/imports",
            new { scheme = new { prefix = "old_", length = 40, alphabet = "hex" }, api_keys = new[] { key } })).Is(201);
        Assert.Equal("allowed", await warder.Decide(value));
    }

    [Fact]
    public async Task A_changed_receipt_is_not_shown()
    {
        await using var warder = await RunningWarder.StartAsync();
        var (receipt, _) = await Revoke(warder, (await Fixture.MakeAsync(warder, warder.Key, "a")).Key);
        await warder.Node.ReceiptWriter.WriteAsync();
        (await warder.Get("/receipts/" + receipt.Id)).Is(200);
        Write(warder, "UPDATE receipts SET subject_id = 'api_key_other' WHERE id = $1", receipt.Id);
        Assert.Equal("row_not_verified", (await warder.Get("/receipts/" + receipt.Id)).Is(409).Code);
        Assert.Empty((await warder.Get("/receipts?subject_id=api_key_other")).Is(200).Data);
    }

    [Fact]
    public async Task A_database_from_before_gets_its_MACs_once_and_cannot_be_set_back()
    {
        using var folder = new DataFolder();
        byte[] before, after;
        await using (var warder = await RunningWarder.StartAsync(folder))
        {
            var own = await Fixture.MakeAsync(warder, warder.Key, "a");
            var (receipt, _) = await Revoke(warder, own.Key);
            await warder.Node.ReceiptWriter.WriteAsync();
            before = new RootKey(await File.ReadAllBytesAsync(folder.RootKey))
                .Seal("check", "this root key is this database's"u8, Entropy.System);
            foreach (var table in (string[])["signing_keys", "management_keys", "management_key_secrets", "import_schemes", "receipts"])
                Write(warder, $"UPDATE {table} SET mac = NULL", reload: false);
            after = Check(warder);
            Write(warder, "UPDATE sealed_values SET sealed = $1 WHERE name = 'check'", reload: false, before);
            File.Delete(Path.Combine(folder.Path, "row-macs"));

            await warder.RestartAsync();
            (await warder.Get("/receipts/" + receipt.Id)).Is(200);
            Assert.Equal(0, warder.Node.Store.Macs.Refused);
            Assert.NotEqual(before, Check(warder));

            // This happens once: a row without a MAC does not count as old any more.
            Write(warder, "UPDATE receipts SET mac = NULL");
            await warder.RestartAsync();
            Assert.Equal("row_not_verified", (await warder.Get("/receipts/" + receipt.Id)).Is(409).Code);
        }

        Alter(folder, "UPDATE sealed_values SET sealed = $1 WHERE name = 'check'", before);
        Assert.Contains("have no MACs yet", (await Refused(folder)).Message, StringComparison.Ordinal);
        Alter(folder, "DELETE FROM sealed_values WHERE name = 'check'");
        Assert.Contains("has environments", (await Refused(folder)).Message, StringComparison.Ordinal);
        Alter(folder, "INSERT INTO sealed_values (name, sealed) VALUES ('check', $1)", after);
        await using var again = await RunningWarder.StartAsync(folder);
        (await again.Get("/api_keys")).Is(200);
    }

    [Fact]
    public async Task A_management_key_that_was_made_offline_is_honoured_and_so_is_every_row_after_a_new_root_key()
    {
        using var folder = new DataFolder();
        string receipt;
        await using (var warder = await RunningWarder.StartAsync(folder))
        {
            receipt = (await Revoke(warder, (await Fixture.MakeAsync(warder, warder.Key, "a")).Key)).Receipt.Id;
            await warder.Node.ReceiptWriter.WriteAsync();
        }

        var token = OfflineData.CreateManagementKey(folder.Path, folder.Shared, "recovered");
        OfflineData.RotateRootKey(folder.Path, folder.Shared, null);
        await using var again = await RunningWarder.StartAsync(folder);
        (await again.Get("/receipts/" + receipt, token.Reveal())).Is(200);
        (await again.Get("/api_keys")).Is(200);
        Assert.NotEmpty((await KeySet(again)).Keys);
        Assert.Equal(0, again.Node.Store.Macs.Refused);
    }

    private static Task<StorageException> Refused(DataFolder folder)
        => Assert.ThrowsAsync<StorageException>(() => RunningWarder.StartAsync(folder));

    private static async Task<(Receipt Receipt, string Jws)> Revoke(RunningWarder warder, string key)
    {
        var shown = (await warder.Post($"/api_keys/{key}/revoke")).Is(200).Json.GetProperty("receipt");
        var (receipt, problem) = ReceiptVerification.Verify(shown.GetRawText(), await KeySet(warder));
        Assert.Null(problem);
        return (receipt!, shown.GetProperty("jws").GetString()!);
    }

    private static async Task<JsonWebKeySet> KeySet(RunningWarder warder)
        => JsonSerializer.Deserialize((await warder.Get("/.well-known/jwks.json", "")).Is(200).Text, WarderJson.Wire.JsonWebKeySet)!;

    private static byte[] Check(RunningWarder warder)
        => warder.Node.Store.Read(
            session => session.First("SELECT sealed FROM sealed_values WHERE name = 'check'", static row => (byte[])row.GetValue(0)))!;

    private static void Write(RunningWarder warder, string sql, params object?[] arguments) => Write(warder, sql, reload: true, arguments);

    private static void Write(RunningWarder warder, string sql, bool reload, params object?[] arguments)
    {
        using (var session = warder.Node.Store.OpenWriter())
            Assert.True(session.Execute(sql, arguments) > 0 || sql.Contains("import_schemes", StringComparison.Ordinal));
        if (reload)
            warder.Node.Memory.Reload();
    }

    // In a process where no server runs.
    private static void Alter(DataFolder folder, string sql, params object?[] arguments)
    {
        using Store store = folder.Shared is { } shared
            ? Storage.Postgres.PostgresStore.Open(shared.Reveal())
            : Storage.Sqlite.SqliteStore.Open(folder.Database);
        using var session = store.OpenWriter();
        Assert.Equal(1, session.Execute(sql, arguments));
    }

    private static long Metric(RunningWarder warder)
    {
        var most = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name == "warder.rows.refused")
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => most = Math.Max(most, value));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.True(most >= warder.Node.Store.Macs.Refused);
        return warder.Node.Store.Macs.Refused;
    }
}
