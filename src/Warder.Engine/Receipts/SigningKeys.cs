using System.Text.Json;
using Warder.Contracts;
using Warder.Contracts.Receipts;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Secrets;
using Warder.Core.Verification;
using Warder.Core.Verification.Deltas;
using Warder.Engine.Changes;
using Warder.Engine.Events;
using Warder.Engine.Hosting;
using Warder.Engine.Keys;
using Warder.Storage;
using Warder.Storage.Journal;
using Warder.Storage.Receipts;
using Contract = Warder.Contracts.Receipts.SigningKey;
using Model = Warder.Core.Receipts.SigningKey;

namespace Warder.Engine.Receipts;

/// <summary>
/// The keys that sign receipts: one does, and those before it still verify. Their private halves are stored under the root key.
/// </summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="root">What opens them; null where nothing is signed.</param>
internal sealed class SigningKeys(RootKey? root)
{
    private const int KeysPerDay = 20;
    private const int SecondsPerDay = 86_400;

    /// <summary>What signs now; null where there is nothing to sign with.</summary>
    public Model? Current { get; private set => Volatile.Write(ref field, value); }

    /// <summary>All of them, for everybody to verify by: the JSON of a JWK set, in UTF-8. Another array when one changes.</summary>
    public byte[] KeySet { get; private set => Volatile.Write(ref field, value); } = Render([]);

    /// <summary>
    /// Takes what the store says now. A key that cannot be opened, as while the root key is being replaced, leaves the one before in its
    /// place.
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

    /// <summary>Makes the first key, where there is none.</summary>
    public void Prepare(Node node)
    {
        if (root is null || Current is not null || node.Environments.All.MinBy(static state => state.Number) is not { } first)
            return;
        var changes = ChangeContext.System(node, first.Number);
        node.Journal.Submit<bool>(context => SigningKeyTable.Last(context.Session) == 0 && Add(changes, context, 0) is not null).GetAwaiter().GetResult();
        node.Reload();
    }

    /// <summary>Makes another key, which signs from now on; null when somebody else did at the same time.</summary>
    public Contract? Add(ChangeContext changes, CommandContext context, long after)
    {
        var key = Model.Create();
        var box = root!.Seal(SigningKeyTable.SealedName(key.Public.Id), key.ToPkcs8(), changes.Node.Entropy);
        var row = new SigningKeyRow(key.Public, context.Now, box);
        if (!SigningKeyTable.Add(context.Session, row, after))
            return null;
        var shape = Shape(row, isCurrent: true);
        changes.Append(
            context, EventTypes.SigningKeyCreated, EventData.Of(shape, WarderJson.Wire.SigningKey), null, new CacheDelta(CacheDeltaKind.SigningKey, key.Public.Id));
        return shape;
    }

    /// <summary>The fault when so many keys were made of late that there is no room for another; null when there is.</summary>
    public static Fault? Full(CommandContext context)
        => SigningKeyTable.MadeSince(context.Session, context.Now.PlusSeconds(-SecondsPerDay)) < KeysPerDay
            ? null
            : Fault.Conflict(
                "too_many_signing_keys",
                $"{KeysPerDay} signing keys were made within a day, and receipts need each of them. Sign with the newest, and make the next a day after the first of these.");

    /// <summary>A key as it is shown.</summary>
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
