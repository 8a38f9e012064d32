using Warder.Contracts;
using Warder.Contracts.Keys;
using Warder.Server.Http;
using Warder.Storage.Journal;
using Model = Warder.Core.Keys;

namespace Warder.Server.Keys;

/// <summary>The answer of an ending that was only tried: what would end. The command's savepoint is rolled back.</summary>
internal static class DryRunAnswer
{
    /// <summary>Says what would end, and sees to it that nothing does.</summary>
    public static Answer Of(CommandContext context, IReadOnlyList<Model.ApiKey> keys, long count)
    {
        context.RollBack = true;
        var shape = new DryRun { ApiKeysEnded = count, ApiKeys = [.. keys.Select(key => KeyShapes.Of(key, context.Now))] };
        return Answer.Ok(shape, WarderJson.Wire.DryRun);
    }
}
