using Warder.Client.Lists;
using Warder.Client.Transport;

namespace Warder.Client.Receipts;

/// <summary>One page of receipts: all, or those about one event or one subject.</summary>
public sealed record ReceiptQuery : ListQuery
{
    /// <summary>Only the receipt of this event: <c>event_…</c></summary>
    public string? EventId { get; init; }

    /// <summary>Only receipts about the object with this id: <c>api_key_…</c>, <c>org_…</c></summary>
    public string? SubjectId { get; init; }

    internal override Target AddTo(Target target) => base.AddTo(target).With("event_id", EventId).With("subject_id", SubjectId);
}
