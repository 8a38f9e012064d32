using Warder.Contracts;
using Warder.Core.Faults;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Server.Http;
using Warder.Storage.Keys;

namespace Warder.Server.Keys;

/// <summary>Shows one key, ended ones included.</summary>
internal static class ShowKey
{
    public static Task<Result<Answer>> Run(Call call)
        => call.Show(
            session => KeyTable.Find(session, call.Environment, call.Route("id")), key => KeyShapes.Of(key, call.Clock.Now()),
            WarderJson.Wire.ApiKey, "API key");
}
