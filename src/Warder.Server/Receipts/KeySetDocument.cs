using Microsoft.AspNetCore.Http;
using Warder.Engine.Receipts;
using Warder.Server.Http;

namespace Warder.Server.Receipts;

/// <summary>Serves the public keys that verify receipts. The document is composed again when the keys have changed.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class KeySetDocument(SigningKeys keys)
{
    private volatile PublicDocument document = new(keys.KeySet);

    /// <summary>Answers with the current key set.</summary>
    public Task Respond(HttpContext http)
    {
        var json = keys.KeySet;
        var shown = document;
        if (!shown.Holds(json))
            document = shown = new PublicDocument(json);
        return shown.Respond(http);
    }
}
