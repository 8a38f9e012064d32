using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Management;
using Warder.Core.Receipts;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Storage.Directory;
using Warder.Storage.Lists;
using Warder.Storage.Management;
using Warder.Storage.Receipts;
using Warder.Storage.Secrets;
using Warder.Storage.Tests.Databases;

namespace Warder.Storage.Tests.Secrets;

/// <summary>A row that was written without the root key is not used, and the error names it.</summary>
public sealed class RowMacTests
{
    private static readonly RootKey Root = new(Enumerable.Repeat((byte)7, RootKey.Length).ToArray());
    private static readonly Instant At = new(1_750_000_000_000);

    private static readonly MacTable[] Tables =
        [SigningKeyTable.Rows, ManagementKeyTable.Keys, ManagementKeyTable.Secrets, EnvironmentTable.SchemeRows, ReceiptTable.Rows];

    [Theory]
    [EachDatabase]
    public void A_changed_value_of_any_covered_column_is_refused_and_reported(Database kind)
    {
        using var database = new TestDatabase(kind);
        var (store, refused) = Open(database);
        using var session = Filled(store);
        foreach (var table in Tables)
        {
            Assert.All(Check(session, table), static accepted => Assert.True(accepted));
            foreach (var column in table.Columns)
            {
                refused.Clear();
                session.Execute(store.Dialect.Begin);
                Assert.Equal(
                    1, session.Execute($"UPDATE {table.Name} SET {column} = $1 WHERE {Only(table)}", Changed(session, table, column)));
                Assert.True(Check(session, table).Count(static accepted => !accepted) == 1, $"{table.Name}.{column}");
                session.Execute("ROLLBACK");
                Assert.Equal(table.Name, Assert.Single(refused).Table);
            }

            Assert.All(Check(session, table), static accepted => Assert.True(accepted));
        }
    }

    [Theory]
    [EachDatabase]
    public void A_row_without_a_MAC_and_a_MAC_from_another_row_or_table_are_refused(Database kind)
    {
        using var database = new TestDatabase(kind);
        var (store, _) = Open(database);
        using var session = Filled(store);
        foreach (var table in Tables)
        {
            foreach (var mac in (string[])
                [
                    "NULL", $"(SELECT mac FROM {table.Name} o WHERE NOT ({Only(table)}))",
                    .. Tables.Where(other => other != table).Select(other => $"(SELECT mac FROM {other.Name} o WHERE {Only(other)})"),
                ])
            {
                session.Execute(store.Dialect.Begin);
                Assert.Equal(1, session.Execute($"UPDATE {table.Name} SET mac = {mac} WHERE {Only(table)}"));
                Assert.True(Check(session, table).Count(static accepted => !accepted) == 1, $"{table.Name}: {mac}");
                session.Execute("ROLLBACK");
            }
        }
    }

    [Theory]
    [EachDatabase]
    public void What_does_not_verify_is_not_read(Database kind)
    {
        using var database = new TestDatabase(kind);
        var (store, _) = Open(database);
        using var session = Filled(store);
        Assert.Equal(2, SigningKeyTable.All(session).Count);
        Assert.Equal(2, ManagementKeyTable.Credentials(session, At).Count);
        Assert.Equal(2, EnvironmentTable.Schemes(session, 1).Count);
        Assert.Equal(Rights.KeysRead, ManagementKeyTable.DeferAuthority(session, 1, "management_key_1", "secret_1").First!.Rights);
        var page = new PageRequest(1, null, Backwards: false, Ascending: true);
        Assert.Equal("rcpt_1", ReceiptTable.List(session, 1, null, null, page).Items.Single().Id);

        session.Execute("UPDATE signing_keys SET x = 'other' WHERE id = 'key_1'");
        session.Execute("UPDATE management_keys SET rights = 1048575 WHERE id = 'management_key_1'");
        session.Execute("UPDATE import_schemes SET mac = NULL WHERE length = 40");
        session.Execute("UPDATE receipts SET jws = 'other' WHERE id = 'rcpt_1'");

        Assert.Equal("key_2", Assert.Single(SigningKeyTable.All(session)).Key.Id);
        Assert.Equal("management_key_2", Assert.Single(ManagementKeyTable.Credentials(session, At)).Key.Id);
        Assert.Null(ManagementKeyTable.Find(session, 1, "management_key_1"));
        Assert.Equal(Rights.None, ManagementKeyTable.DeferAuthority(session, 1, "management_key_1", "secret_1").First!.Rights);
        Assert.Equal("management_key_2", Assert.Single(ManagementKeyTable.List(session, 1, page).Items).Id);
        Assert.Equal(41, Assert.Single(EnvironmentTable.Schemes(session, 1)).Length);
        Assert.Null(ReceiptTable.Find(session, 1, "rcpt_1"));
        Assert.True(ReceiptTable.Exists(session, 1, "rcpt_1"));
        Assert.Equal("rcpt_2", ReceiptTable.List(session, 1, null, null, page).Items.Single().Id);

        // The attacker adds a secret of its own to a key that verifies.
        session.Execute(
            "INSERT INTO management_key_secrets (key_id, number, id, digest, obfuscated_value, ended, created_at) VALUES"
                + " ('management_key_2', 2, 'secret_9', $1, 'x', 0, 1)",
            new byte[32]);
        Assert.Equal("secret_2", Assert.Single(ManagementKeyTable.Credentials(session, At)).Secret.Id);
        Assert.Equal("secret_2", Assert.Single(ManagementKeyTable.Find(session, 1, "management_key_2")!.Secrets).Id);
    }

    [Theory]
    [EachDatabase]
    public void Changes_of_a_management_key_keep_its_rows_verifying_and_make_none_verify_that_did_not(Database kind)
    {
        using var database = new TestDatabase(kind);
        var (store, _) = Open(database);
        using var session = Filled(store);
        var key = ManagementKeyTable.Find(session, 1, "management_key_1")!;
        session.Execute(store.Dialect.Begin);
        ManagementKeyTable.Update(session, key with { Name = "renamed", Rights = Rights.All, ExpiresAt = At, UpdatedAt = At });
        ManagementKeyTable.UpdateSecret(session, key, key.Secrets[0] with { EndsAt = At, Ended = true });
        session.Execute("COMMIT");
        var changed = ManagementKeyTable.Find(session, 1, "management_key_1")!;
        Assert.Equal(("renamed", Rights.All, At, At), (changed.Name, changed.Rights, changed.ExpiresAt, changed.Secrets.Single().EndsAt));

        session.Execute("UPDATE management_key_secrets SET digest = $1 WHERE id = 'secret_1'", new byte[32]);
        session.Execute(store.Dialect.Begin);
        ManagementKeyTable.UpdateSecret(session, key, key.Secrets[0]);
        session.Execute("COMMIT");
        Assert.Equal(1, Check(session, ManagementKeyTable.Secrets).Count(static accepted => !accepted));
    }

    [Theory]
    [EachDatabase]
    public void With_another_root_key_every_row_that_verified_verifies_and_no_other(Database kind)
    {
        using var database = new TestDatabase(kind);
        var (store, _) = Open(database);
        using var session = Filled(store);
        session.Execute("UPDATE receipts SET jws = 'forged' WHERE id = 'rcpt_1'");
        var fresh = new RootKey(new byte[RootKey.Length]);
        SealedValueTable.ReplaceAll(session, static (_, box) => box, Root, fresh);
        Assert.All(Tables, table => Assert.DoesNotContain(true, Check(session, table)));
        store.Macs.Use(fresh);
        Assert.All(
            Tables, table => Assert.Equal(table == ReceiptTable.Rows ? 1 : 2, Check(session, table).Count(static accepted => accepted)));
    }

    private static (Store Store, List<(string Table, string Id)> Refused) Open(TestDatabase database)
    {
        var store = database.Open();
        var refused = new List<(string, string)>();
        store.Macs.Use(Root);
        store.Macs.Refusing = (table, id) => refused.Add((table, id));
        return (store, refused);
    }

    // Two rows of each table.
    private static Session Filled(Store store)
    {
        var session = store.OpenWriter();
        session.Execute(store.Dialect.Begin);
        for (var i = 1; i <= 2; i++)
        {
            Assert.True(
                SigningKeyTable.Add(session, new SigningKeyRow(new VerificationKey($"key_{i}", $"x{i}", $"y{i}"), At, [(byte)i]), i - 1));
            var secret = new KeySecret { Id = $"secret_{i}", Number = 1, ObfuscatedValue = "wdrm...aaaa", CreatedAt = At };
            var key = new ManagementKey
            {
                Id = $"management_key_{i}", Environment = 1, Name = "n", Rights = Rights.KeysRead, Revoked = false, Secrets = [secret],
                CreatedAt = At, UpdatedAt = At,
            };
            ManagementKeyTable.Insert(session, key, Enumerable.Repeat((byte)i, 32).ToArray());
            EnvironmentTable.AddScheme(session, 1, new ImportScheme("old_", 39 + i, SchemeAlphabet.Hex));
            Assert.True(
                ReceiptTable.Prepare(session.Macs, [new ReceiptRow(1, $"rcpt_{i}", $"event_{i}", $"api_key_{i}", "a.b.c")])(session));
        }

        session.Execute("COMMIT");
        return session;
    }

    private static List<bool> Check(Session session, MacTable table)
        => session.All($"SELECT {table.Of("t")} FROM {table.Name} t", row => table.Accepts(session, row));

    // The first of the two rows.
    private static string Only(MacTable table) => table.Name switch
    {
        "signing_keys" => "id = 'key_1'",
        "management_keys" => "id = 'management_key_1'",
        "management_key_secrets" => "id = 'secret_1'",
        "import_schemes" => "length = 40",
        _ => "id = 'rcpt_1'",
    };

    private static object? Changed(Session session, MacTable table, string column)
        => session.First(
            $"SELECT {column} FROM {table.Name} WHERE {Only(table)}", static row => row.IsDBNull(0) ? null : row.GetValue(0)) switch
        {
            null => "1",
            string text => text + "x",
            byte[] bytes => bytes.Select(static each => (byte)(each ^ 1)).ToArray(),
            var number => Convert.ToInt64(number, System.Globalization.CultureInfo.InvariantCulture) + 2,
        };
}
