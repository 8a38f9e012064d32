namespace Warder.Server.Http.Bodies;

/// <summary>The content of a request's body, which determines the media type that the route accepts.</summary>
internal enum BodyKind
{
    /// <summary>The route reads no body.</summary>
    None,

    /// <summary>One JSON object: <c>application/json</c>. An absent body counts as an empty object.</summary>
    Json,

    /// <summary>Parameters of an OAuth endpoint: <c>application/x-www-form-urlencoded</c>. A name occurs once.</summary>
    Form,

    /// <summary>Bytes of any media type, which the route reads itself.</summary>
    Raw,
}
