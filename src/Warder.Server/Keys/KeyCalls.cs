using Warder.Contracts.Json;
using Warder.Core.Faults;
using Warder.Core.Time;
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
            fields.OptionalTexts("permissions", Limits.PermissionsPerKey, Limits.SlugCharacters),
            new(fields.Has("purpose"), fields.OptionalText("purpose", Limits.PurposeCharacters)),
            new(fields.Has("responsible_user_id"), fields.OptionalText("responsible_user_id", 64)),
            ReadEnd(fields));
        if (fields.Fault() is { } fault)
            return fault;
        return await UpdateKey.Run(call, call.Route("id"), patch);
    }

    public static async Task<Result<Answer>> Rotate(Call call)
    {
        var fields = call.Body();
        var overlap = fields.OptionalNumber("overlap_seconds", 0, Limits.OverlapSeconds) ?? Limits.DefaultOverlapSeconds;
        var rotation = new KeyRotation(overlap, ReadEnd(fields));
        if (fields.Fault() is { } fault)
            return fault;
        return await RotateKey.Run(call, call.Route("id"), rotation);
    }

    public static async Task<Result<Answer>> Expire(Call call)
    {
        var fields = call.Body();
        var expiresAt = ReadEnd(fields);
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

    private static Optional<Instant?> ReadEnd(JsonFields fields) => new(fields.Has("expires_at"), fields.OptionalTime("expires_at"));

    private static Result<string?> ReadReason(Call call)
    {
        var fields = call.Body();
        var reason = fields.OptionalText("reason", Limits.ReasonCharacters);
        return fields.Fault() is { } fault ? fault : reason;
    }
}
