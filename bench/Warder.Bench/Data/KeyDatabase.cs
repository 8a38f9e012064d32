using System.Security.Cryptography;
using System.Text;
using Warder.Core.Ids;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Storage;
using Warder.Storage.Sqlite;

namespace Warder.Bench.Data;

/// <summary>A data directory with many keys, written straight into the tables: issuing each of them would take minutes.</summary>
internal sealed class KeyDatabase
{
    private const int KeysAnOrganization = 1_000;
    private const int KeysATransaction = 50_000;
    private const string KeyPrefix = "wdr_live";
    private static readonly string[] Slugs = ["posts:read", "posts:write", "invoices:read"];

    private KeyDatabase(string folder) => Folder = folder;

    /// <summary>The data directory.</summary>
    public string Folder { get; }

    /// <summary>The tokens, one a line, in the order of their keys.</summary>
    public string TokensPath => Path.Combine(Folder, "tokens");

    /// <summary>The ids of the keys, one a line.</summary>
    public string KeyIdsPath => Path.Combine(Folder, "key-ids");

    /// <summary>The ids of the organizations, one a line.</summary>
    public string OrganizationIdsPath => Path.Combine(Folder, "organization-ids");

    /// <summary>The header of a management key with every right.</summary>
    public string Authorization => "Bearer " + File.ReadAllText(Path.Combine(Folder, "management-key")).Trim();

    /// <summary>The slugs that every key was granted.</summary>
    public static IReadOnlyList<string> Permissions => Slugs;

    /// <summary>One that was made before.</summary>
    public static KeyDatabase At(string folder) => new(folder);

    public static KeyDatabase Create(string folder, int keys)
    {
        var database = new KeyDatabase(folder);
        // The first start makes the environment and the management key.
        WarderHost.StartAsync(new ServeOptions { DataDirectory = folder, Listen = "http://127.0.0.1:0" }).GetAwaiter().GetResult()
            .DisposeAsync().AsTask().GetAwaiter().GetResult();
        using var store = SqliteStore.Open(Path.Combine(folder, "warder.db"));
        using var session = store.OpenWriter();
        database.Fill(session, keys);
        session.Number("PRAGMA wal_checkpoint(TRUNCATE)");
        return database;
    }

    private void Fill(Session session, int keys)
    {
        var now = Clock.System.Now();
        var organizations = NewIds(IdKind.Organization, Math.Max(10, keys / KeysAnOrganization), now);
        File.WriteAllLines(OrganizationIdsPath, organizations);
        session.Execute("BEGIN");
        foreach (var organization in organizations)
        {
            session.Execute(
                "INSERT INTO organizations (environment, id, name, metadata, created_at, updated_at) VALUES (1, $1, 'Bench', '{}', $2, $2)",
                organization, now.UnixMilliseconds);
        }

        var set = InsertPermissions(session, now);
        var ids = NewIds(IdKind.ApiKey, keys, now);
        File.WriteAllLines(KeyIdsPath, ids);
        using var tokens = new StreamWriter(TokensPath);
        for (var i = 0; i < keys; i++)
        {
            if (i % KeysATransaction == KeysATransaction - 1)
            {
                session.Execute("COMMIT");
                session.Number("PRAGMA wal_checkpoint(TRUNCATE)");
                session.Execute("BEGIN");
            }

            var token = TokenFormat.Issue(KeyPrefix, Entropy.System);
            tokens.WriteLine(token.Reveal());
            session.Execute(
                "INSERT INTO api_keys (environment, id, organization_id, membership_id, user_id, name, created_by, permission_set_id, state, deleted,"
                + " created_at, updated_at) VALUES (1, $1, $2, '', '', 'Nightly export', 'system', $3, 0, 0, $4, $4)",
                ids[i], organizations[i % organizations.Length], set, now.UnixMilliseconds);
            session.Execute(
                "INSERT INTO api_key_secrets (environment, key_id, number, id, digest, obfuscated_value, ended, created_at)"
                + " VALUES (1, $1, 1, $2, $3, $4, 0, $5)",
                ids[i], Id.New(IdKind.Secret, now, Entropy.System), SHA256.HashData(Encoding.ASCII.GetBytes(token.Reveal())),
                TokenFormat.Obfuscate(token), now.UnixMilliseconds);
            // Keys in use have been used before.
            session.Execute("INSERT INTO api_key_uses (key_id, secret_number, last_used_at) VALUES ($1, 1, $2)", ids[i], now.UnixMilliseconds);
        }

        session.Execute("COMMIT");
    }

    private static long InsertPermissions(Session session, Instant now)
    {
        const long Set = 1_000_000;
        session.Execute("INSERT INTO permission_sets (id, environment, digest) VALUES ($1, 1, $2)", Set, new byte[32]);
        for (var i = 0; i < Slugs.Length; i++)
        {
            var id = Id.New(IdKind.Permission, now, Entropy.System);
            session.Execute(
                "INSERT INTO permissions (environment, id, slug, name, resource_type_slug, allowed_owner_types, created_at, updated_at)"
                + " VALUES (1, $1, $2, $2, 'organization', 7, $3, $3)",
                id, Slugs[i], now.UnixMilliseconds);
            session.Execute("INSERT INTO permission_set_members (set_id, position, permission_id) VALUES ($1, $2, $3)", Set, i, id);
        }

        return Set;
    }

    // Sorted, as ids that were made one after the other are.
    private static string[] NewIds(IdKind kind, int count, Instant now)
        => [.. Enumerable.Range(0, count).Select(_ => Id.New(kind, now, Entropy.System)).Order(StringComparer.Ordinal)];
}
