using Warder.Contracts;
using Warder.Core.Faults;
using Warder.Core.Keys;
using Warder.Engine.Changes;
using Warder.Engine.Imports;
using Warder.Server.Http;
using Warder.Storage.Directory;

namespace Warder.Server.Imports;

/// <summary>The calls about import schemes.</summary>
internal static class ImportSchemeCalls
{
    /// <summary>Reads the members of a scheme.</summary>
    public static ImportScheme Read(JsonFields fields)
    {
        var prefix = fields.Text("prefix", 32);
        if (prefix.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.')))
            fields.Refuse("prefix", "invalid_format", "Use letters, digits, '_', '-' and '.'.");
        var length = fields.OptionalNumber("length", 1, Limits.SchemeLength);
        if (length is null && !fields.Has("length"))
            fields.Refuse("length", "required", "Must be given.");
        var alphabet = ImportScheme.Alphabets.IndexOf(fields.Text("alphabet", 16));
        if (alphabet < 0)
            fields.Refuse("alphabet", "invalid_value", "Must be hex, base32, base62 or base64url.");
        var scheme = new ImportScheme(prefix, length ?? 0, (SchemeAlphabet)Math.Max(alphabet, 0));
        if (length is not null && alphabet >= 0 && scheme.Bits < ImportScheme.MinimumBits)
            fields.Refuse(
                "length", "low_entropy",
                $"Values of this kind have {(int)scheme.Bits} random bits; a digest of less than"
                    + $" {ImportScheme.MinimumBits} can be guessed.");
        return scheme;
    }

    public static async Task<Result<Answer>> Create(Call call)
    {
        var fields = call.Body();
        var scheme = Read(fields);
        if (fields.Fault() is { } fault)
            return fault;
        return await ImportSchemes.Create(call, scheme);
    }

    public static Task<Result<Answer>> List(Call call)
    {
        if (call.Query().Fault() is { } fault)
            return Task.FromResult<Result<Answer>>(fault);
        return call.ReadInLane<Answer>(session => Answer.Whole(
            EnvironmentTable.Schemes(session, call.Environment).ConvertAll(
                scheme => ImportSchemes.Shape(session, call.Environment, scheme)),
            WarderJson.Wire.ListPageRegisteredScheme));
    }

    public static Task<Result<Answer>> Show(Call call)
        => call.Show(
            session => ImportSchemes.Find(session, call.Environment, call.Route("id")) is { } scheme
                ? ImportSchemes.Shape(session, call.Environment, scheme)
                : null,
            static shape => shape, WarderJson.Wire.RegisteredScheme, "Import scheme");

    public static Task<Result<Answer>> Delete(Call call) => ImportSchemes.Delete(call, call.Route("id"));
}
