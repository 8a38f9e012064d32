namespace Warder.Client.Tests;

/// <summary>Bodies of the API's description.</summary>
internal static class Samples
{
    public const string Secret = "wdr_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";

    public const string Unavailable = """{"message":"The store cannot be reached.","code":"unavailable","request_id":"req_1"}""";

    public const string Allowed = """
        {"api_key":{"object":"api_key","id":"api_key_1","owner":{"type":"user","id":"user_1","organization_id":"org_1"},"name":"Production",
        "obfuscated_value":"wdr_live_...Lq17","last_used_at":null,"expires_at":null,"permissions":["posts:read"],
        "created_at":"2026-01-15T12:00:00.000Z","updated_at":"2026-01-15T12:00:00.000Z"},"decision":{"allow":true,"code":"allowed"}}
        """;

    public static string Denied(string code)
        => $$$"""{"api_key":null,"decision":{"allow":false,"code":"{{{code}}}","api_key_id":"api_key_1"}}""";

    public static string Key(string id = "api_key_1", string? value = null) => $$"""
        {"object":"api_key","id":"{{id}}","owner":{"type":"organization","id":"org_1"},"name":"Production",
        "obfuscated_value":"wdr_live_...Lq17","permissions":["posts:read"],"effective_permissions":["posts:read"],"status":"active",
        "purpose":null,"responsible_user_id":null,"created_by":"management_key_1","last_used_at":null,"expires_at":null,
        "suspended_at":null,"suspension_reason":null,"revoked_at":null,"revocation_reason":null,"secrets":[],
        "created_at":"2026-01-15T12:00:00.000Z","updated_at":"2026-01-15T12:00:00.000Z"{{(value is null ? "" : $",\"value\":\"{value}\"")}}}
        """;

    public static string Page(string? after, params string[] ids) => $$"""
        {"object":"list","data":[{{string.Join(',', ids.Select(id => Key(id)))}}],
        "list_metadata":{"before":null,"after":{{(after is null ? "null" : $"\"{after}\"")}} } }
        """;
}
