namespace Warder.Server.Http.Bodies;

/// <summary>Says what the body of a request holds, and so which media type the route takes.</summary>
internal enum BodyKind
{
    /// <summary>Nothing that the route reads.</summary>
    None,

    /// <summary>One JSON object: <c>application/json</c>. It may be absent, and then counts as empty.</summary>
    Json,

    /// <summary>Parameters, as the OAuth endpoints take them: <c>application/x-www-form-urlencoded</c>. A name occurs once.</summary>
    Form,

    /// <summary>Bytes that the route reads itself, of any media type.</summary>
    Raw,
}
