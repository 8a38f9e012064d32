using Warder.Core.Faults;
using Warder.Engine.Changes;
using Warder.Engine.Keys;
using Warder.Server.Http;

namespace Warder.Server.Keys;

/// <summary>The calls that issue, change and end keys: each reads the request, and runs the operation.</summary>
internal static class KeyCalls
{
    public static async Task<Result<Answer>> IssueToOrganization(Call call)
    {
        var fields = call.Body();
        var request = ReadRequest(fields);
        if (fields.Fault() is { } fault)
            return fault;
        return await IssueKey.ForOrganization(call, call.Route("organizationId"), request);
    }

    public static async Task<Result<Answer>> IssueToUser(Call call)
    {
        var fields = call.Body();
        var request = ReadRequest(fields);
        var organizationId = fields.Text("organization_id", 64);
        if (fields.Fault() is { } fault)
            return fault;
        return await IssueKey.ForUser(call, call.Route("userId"), organizationId, request);
    }

    /// <summary>Reads the members that the bodies of issues and imports have in common.</summary>
    public static KeyRequest ReadRequest(JsonFields fields) => new(
        fields.Text("name", Limits.NameCharacters),
        fields.OptionalTexts("permissions", Limits.PermissionsPerKey, Limits.SlugCharacters) ?? [],
        fields.OptionalTime("expires_at"),
        fields.OptionalText("purpose", Limits.PurposeCharacters),
        fields.OptionalText("responsible_user_id", 64));

    public static async Task<Result<Answer>> Update(Call call)
    {
        var fields = call.Body();
        var patch = new KeyPatch(
            fields.Has("name") ? fields.Text("name", Limits.NameCharacters) : null,
            fields.PatchTexts("permissions", Limits.PermissionsPerKey, Limits.SlugCharacters),
            fields.PatchText("purpose", Limits.PurposeCharacters),
            fields.PatchText("responsible_user_id", 64),
            fields.PatchTime("expires_at"));
        if (fields.Fault() is { } fault)
            return fault;
        return await UpdateKey.Run(call, call.Route("id"), patch);
    }

    public static async Task<Result<Answer>> Rotate(Call call)
    {
        var fields = call.Body();
        var rotation = ReadRotation(fields);
        if (fields.Fault() is { } fault)
            return fault;
        return await RotateKey.Run(call, call.Route("id"), rotation);
    }

    /// <summary>Reads the rotation of an API key or a management key.</summary>
    public static KeyRotation ReadRotation(JsonFields fields) => new(
        fields.OptionalNumber("overlap_seconds", 0, Limits.OverlapSeconds) ?? Limits.DefaultOverlapSeconds,
        fields.PatchTime("expires_at"));

    public static async Task<Result<Answer>> Expire(Call call)
    {
        var fields = call.Body();
        var expiresAt = fields.PatchTime("expires_at");
        if (fields.Fault() is { } fault)
            return fault;
        return await ExpireKey.Run(call, call.Route("id"), expiresAt);
    }

    public static async Task<Result<Answer>> Revoke(Call call)
    {
        var reason = ReadReason(call);
        return reason.Fault is { } fault ? fault : await EndKey.Revoke(call, call.Route("id"), reason.Value);
    }

    public static async Task<Result<Answer>> Suspend(Call call)
    {
        var reason = ReadReason(call);
        return reason.Fault is { } fault ? fault : await SuspendKey.Suspend(call, call.Route("id"), reason.Value);
    }

    public static async Task<Result<Answer>> Resume(Call call)
        => ReadReason(call).Fault is { } fault ? fault : await SuspendKey.Resume(call, call.Route("id"));

    public static Task<Result<Answer>> Delete(Call call) => EndKey.Delete(call, call.Route("id"));

    public static Task<Result<Answer>> EndSecret(Call call) => EndKey.Secret(call, call.Route("id"), call.Route("secretId"));

    /// <summary>Reads the body of an ending that may name a reason.</summary>
    public static Result<string?> ReadReason(Call call)
    {
        var fields = call.Body();
        var reason = fields.OptionalText("reason", Limits.ReasonCharacters);
        return fields.Fault() is { } fault ? fault : reason;
    }
}
