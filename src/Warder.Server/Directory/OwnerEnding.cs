using Warder.Core.Faults;
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
        var page = new PageRequest(Limits.DryRunKeys, null, false, false);
        var keys = KeyTable.List(context.Session, call.Environment, filter with { NotEndedAt = context.Now }, page, context.Now);
        return DryRunAnswer.Of(context, keys.Items, count);
    }
}
