using Warder.Core.Faults;
using Warder.Core.Verification;
using Warder.Server.Http;
using Warder.Server.Keys;
using Warder.Storage.Journal;
using Warder.Storage.Keys;
using Warder.Storage.Lists;

namespace Warder.Server.Directory;

/// <summary>What would end with an owner.</summary>
internal static class OwnerEnding
{
    /// <summary>Answers with the first keys that work now and would not any more.</summary>
    public static Result<Answer> DryRun(Call call, CommandContext context, KeyFilter filter, long count)
    {
        var first = new PageRequest(Limits.DryRunKeys, null, false, false);
        var keys = KeyTable.List(context.Session, call.Environment, filter, first, context.Now);
        List<Core.Keys.ApiKey> live = [.. keys.Items.Where(key => Verifier.StatusOf(key, context.Now) is not (KeyStatus.Revoked or KeyStatus.Expired))];
        while (keys.HasAfter && live.Count < Limits.DryRunKeys)
        {
            keys = KeyTable.List(context.Session, call.Environment, filter, first with { Cursor = keys.Items[^1].Id }, context.Now);
            live.AddRange(keys.Items.Where(key => Verifier.StatusOf(key, context.Now) is not (KeyStatus.Revoked or KeyStatus.Expired)));
        }

        return DryRunAnswer.Of(context, live.Count > Limits.DryRunKeys ? live.GetRange(0, Limits.DryRunKeys) : live, count);
    }
}
