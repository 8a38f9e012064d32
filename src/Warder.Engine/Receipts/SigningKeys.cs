using System.Text.Json;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Secrets;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Events;
using Warder.Engine.Keys;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Receipts;
using Contract = Warder.Contracts.Receipts.SigningKey;
using Model = Warder.Core.Receipts.SigningKey;

namespace Warder.Engine.Receipts;

/// <summary>
/// The keys of receipts: one signs, and the earlier ones still verify. Their private halves are sealed under the root key.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="root">The root key, which opens them; null: nothing is signed.</param>
internal sealed class SigningKeys(RootKey? root)
{
    private const int KeysPerDay = 20;
    private const int SecondsPerDay = 86_400;

    /// <summary>The key that signs now; null: there is none.</summary>
    public Model? Current { get; private set => Volatile.Write(ref field, value); }

    /// <summary>All public keys as the JSON of a JWK set, in UTF-8. The array is replaced when a key changes.</summary>
    public byte[] KeySet { get; private set => Volatile.Write(ref field, value); } = Render([]);

    /// <summary>
    /// Replaces the keys by those of the store. A key that cannot be opened, as during a replacement of the root key, leaves the current
    /// one in place.
    /// </summary>
    public void Replace(IReadOnlyList<SigningKeyRow> rows)
    {
        if (root is null || rows.Count == 0)
            return;
        var (id, box) = (rows[0].Key.Id, rows[0].Sealed);
        if (box is not null && Current?.Public.Id != id && root.Open(SigningKeyTable.SealedName(id), box) is { } opened)
            Current = Model.FromPkcs8(opened);
        KeySet = Render(rows);
    }

    /// <summary>Whether the first key must be created.</summary>
    public bool NeedsFirst => root is not null && Current is null;

    /// <summary>Creates another key, which signs from now on.</summary>
    /// <returns>Null: another command created one at the same time.</returns>
    public Contract? Add(EventContext changes, CommandContext context, long after)
    {
        var key = Model.Create();
        var box = root!.Seal(SigningKeyTable.SealedName(key.Public.Id), key.ToPkcs8(), changes.Entropy);
        var row = new SigningKeyRow(key.Public, context.Now, box);
        if (!SigningKeyTable.Add(context.Session, row, after))
            return null;
        var shape = Shape(row, isCurrent: true);
        changes.Append(
            context, EventTypes.SigningKeyCreated, EventData.Of(shape, WarderJson.Wire.SigningKey), null,
            new CacheDelta(CacheDeltaKind.SigningKey, key.Public.Id));
        return shape;
    }

    /// <summary>Checks the bound on keys per day.</summary>
    /// <returns>The fault if the bound is reached; null otherwise.</returns>
    public static Fault? Full(CommandContext context)
        => SigningKeyTable.MadeSince(context.Session, context.Now.PlusSeconds(-SecondsPerDay)) < KeysPerDay
            ? null
            : Fault.Conflict(
                "too_many_signing_keys",
                $"{KeysPerDay} signing keys were made within a day, and receipts need each of them. Sign with the newest, and make the"
                + " next a day after the first of these.");

    /// <summary>Returns the form of a key that answers show.</summary>
    public static Contract Shape(SigningKeyRow row, bool isCurrent)
        => new() { Id = row.Key.Id, Algorithm = "ES256", Current = isCurrent, CreatedAt = KeyShapes.Time(row.CreatedAt) };

    private static byte[] Render(IReadOnlyList<SigningKeyRow> rows)
    {
        var keys = rows.Select(static row => new JsonWebKey
        {
            Kty = "EC", Crv = "P-256", Kid = row.Key.Id, Alg = "ES256", Use = "sig", X = row.Key.X, Y = row.Key.Y,
        });
        return JsonSerializer.SerializeToUtf8Bytes(new JsonWebKeySet([.. keys]), WarderJson.Wire.JsonWebKeySet);
    }
}
