using Warder.Contracts;
using Warder.Core.Faults;
using Warder.Server.Http;
using Warder.Storage.Keys;

namespace Warder.Server.Keys;

/// <summary>Shows one key, ended ones included.</summary>
internal static class ShowKey
{
    public static Task<Result<Answer>> Run(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        var id = call.Route("id");
        return Task.FromResult<Result<Answer>>(call.Read(session => KeyTable.Find(session, call.Environment, id)) is { } key
            ? Answer.Ok(KeyShapes.Of(key, call.Node.Clock.Now()), WarderJson.Wire.ApiKey)
            : Fault.NotFound("API key"));
    }
}
