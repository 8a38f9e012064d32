using System.Security.Cryptography;
using System.Text;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Time;
using Warder.Storage.Tests.Databases;
using Warder.Storage.Verification;

namespace Warder.Storage.Tests.Verification;

/// <summary>Secrets that are read together are what each of them is when it is read by itself.</summary>
public sealed class KeyLoaderTests
{
    [Theory, EachDatabase]
    public void Several_are_read_as_each_would_be(Database database)
    {
        using var files = new TestDatabase(database);
        var store = files.Open();
        var digests = Enumerable.Range(0, 40).Select(Digest).ToList();
        using (var session = store.OpenWriter())
            Fill(session, 20);
        foreach (var count in (int[])[1, 2, 7, KeyLoader.MostTogether])
        {
            // Of these, some are not there.
            var asked = digests.Skip(20 - (count / 2) - 1).Take(count).ToList();
            var together = store.Read(session => KeyLoader.Load(session, 1, asked));
            Assert.Equal(count, together.Length);
            for (var i = 0; i < count; i++)
            {
                var alone = KeyLoader.Load(store, 1, asked[i]);
                Assert.Equal(alone?.Id, together[i]?.Id);
                Assert.Equal(alone?.AsOfSequence, together[i]?.AsOfSequence);
                Assert.Equal(alone?.Owner, together[i]?.Owner);
                Assert.Equal(alone?.Grant.Permissions.Select(static each => each.Id), together[i]?.Grant.Permissions.Select(static each => each.Id));
            }

            Assert.NotNull(together[0]);
            Assert.All(store.Read(session => KeyLoader.Load(session, 2, asked)), Assert.Null);
        }
    }

    private static byte[] Digest(int number) => SHA256.HashData(Encoding.ASCII.GetBytes($"token {number}"));

    private static void Fill(Session session, int keys)
    {
        var now = new Instant(1_000);
        var environments = session.Number("SELECT COUNT(*) FROM environments WHERE number = 1");
        if (environments == 0)
            session.Execute("INSERT INTO environments (number, id, name, key_prefix, created_at, updated_at) VALUES (1, 'environment_1', 'e', 'p', 1, 1)");
        var organization = Id.New(IdKind.Organization, now, Entropy.System);
        session.Execute("INSERT INTO organizations (environment, id, name, metadata, created_at, updated_at) VALUES (1, $1, 'o', '{}', 1, 1)", organization);
        session.Execute("INSERT INTO permission_sets (id, environment, digest) VALUES (1, 1, $1)", new byte[32]);
        for (var i = 0; i < 3; i++)
        {
            var permission = Id.New(IdKind.Permission, now, Entropy.System);
            session.Execute(
                "INSERT INTO permissions (environment, id, slug, name, resource_type_slug, allowed_owner_types, created_at, updated_at)"
                + " VALUES (1, $1, $2, $2, 'organization', 7, 1, 1)",
                permission, $"a:b{i}");
            session.Execute("INSERT INTO permission_set_members (set_id, position, permission_id) VALUES (1, $1, $2)", i, permission);
        }

        for (var i = 0; i < keys; i++)
        {
            var key = Id.New(IdKind.ApiKey, now, Entropy.System);
            session.Execute(
                "INSERT INTO api_keys (environment, id, organization_id, membership_id, user_id, name, created_by, permission_set_id, state, deleted,"
                + " created_at, updated_at) VALUES (1, $1, $2, '', '', 'k', 'system', 1, 0, 0, 1, 1)",
                key, organization);
            session.Execute(
                "INSERT INTO api_key_secrets (environment, key_id, number, id, digest, obfuscated_value, ended, created_at) VALUES (1, $1, 1, $2, $3, 'o', 0, 1)",
                key, Id.New(IdKind.Secret, now, Entropy.System), Digest(i));
        }
    }
}
