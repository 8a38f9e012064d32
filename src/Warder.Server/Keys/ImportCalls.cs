using Warder.Core.Faults;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Server.Http;
using Warder.Server.Imports;

namespace Warder.Server.Keys;

/// <summary>The call that imports keys.</summary>
internal static class ImportCalls
{
    private const int LastFourCharacters = 4;

    public static async Task<Result<Answer>> Import(Call call)
    {
        var fields = call.Body();
        var members = fields.Object("scheme");
        var scheme = ImportSchemeCalls.Read(members);
        members.Unknown();
        var imports = fields.Objects("api_keys", Limits.ImportsPerCall).Select((item, i) => ReadImport(item, $"api_keys[{i}].")).ToList();
        if (fields.Fault() is { } fault)
            return fault;
        return await ImportKeys.Run(call, scheme, imports);
    }

    private static KeyImport ReadImport(JsonFields fields, string path)
    {
        var hex = fields.Text("value_sha256", 64);
        var digest = hex.Length == 64 && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : [];
        if (digest.Length == 0 && hex.Length > 0)
            fields.Refuse("value_sha256", "invalid_format", "Must be 64 hexadecimal digits.");
        var lastFour = fields.Text("last_four", LastFourCharacters);
        if (lastFour.Length is > 0 and < LastFourCharacters || lastFour.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            fields.Refuse("last_four", "invalid_format", "Must be the value's last four characters.");
        var owner = fields.Object("owner");
        var type = owner.Text("type", 16);
        if (type is not ("organization" or "user" or ""))
            owner.Refuse("type", "invalid_value", "Must be organization or user.");
        var ownerId = owner.Text("id", 64);
        var organizationId = owner.OptionalText("organization_id", 64);
        if (type is "organization" && organizationId is not null)
            owner.Refuse("organization_id", "invalid_value", "An organization's key names the organization as its owner only.");
        if (type == "user" && organizationId is null)
            owner.Refuse("organization_id", "required", "Must be given for a user's key.");
        owner.Unknown();
        var import = new KeyImport(path, digest, lastFour, type, ownerId, organizationId, KeyCalls.ReadRequest(fields));
        fields.Unknown();
        return import;
    }
}
