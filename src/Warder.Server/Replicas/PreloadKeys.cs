using System.Globalization;
using Warder.Contracts;
using Warder.Contracts.Replicas;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Server.Http;
using Warder.Storage.Verification;

namespace Warder.Server.Replicas;

/// <summary>Tells a replica of keys that were not presented to it: all of an environment's, page by page, known by their digests.</summary>
internal static class PreloadKeys
{
    private const string FirstKey = "";

    public static Task<Result<Answer>> Run(Call call)
    {
        var query = call.Query();
        var after = query.Text("after");
        var place = after is null ? (FirstKey, 0) : Place(after);
        if (query.Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        if (place is not { } from)
            return Task.FromResult<Result<Answer>>(Fault.Field("after", "invalid_cursor", "Must be what the page before gave."));
        var keys = call.Read(session => KeyPages.Read(session, call.Environment, from, Limits.PreloadedKeysPerPage));
        var page = new PreloadedKeys(
            [.. keys.Select(static each => new PreloadedKey(Convert.ToHexStringLower(each.Digest), ReplicaKeys.Of(each.Key)))],
            keys.Count < Limits.PreloadedKeysPerPage ? null : Cursor(keys[^1]));
        return Task.FromResult<Result<Answer>>(Answer.Ok(page, WarderJson.Wire.PreloadedKeys));
    }

    private static string Cursor(DigestedKey last) => string.Create(CultureInfo.InvariantCulture, $"{Id.Format(IdKind.ApiKey, last.Key.Id)}.{last.Key.SecretNumber}");

    private static (string KeyId, int Number)? Place(string cursor)
        => cursor.Split('.') is [var id, var number] && Id.Is(IdKind.ApiKey, id) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? (id, parsed)
            : null;
}
