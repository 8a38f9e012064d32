using Warder.Contracts;
using Warder.Core.Faults;
using Warder.Engine.Changes;
using Warder.Storage.Receipts;

namespace Warder.Engine.Receipts;

/// <summary>Creates another signing key, which signs from now on.</summary>
internal sealed class SigningKeyCreation(SigningKeys keys)
{
    /// <summary>Answers with the new key.</summary>
    public Task<Result<Answer>> Run(ChangeContext changes)
        => changes.Change(context => SigningKeys.Full(context) is { } full
            ? full
            : keys.Add(changes, context, SigningKeyTable.Last(context.Session)) is { } key
            ? Answer.Created(key, WarderJson.Wire.SigningKey)
            : Fault.Conflict("signing_key_made", "Another new key was made at the same time."));
}
