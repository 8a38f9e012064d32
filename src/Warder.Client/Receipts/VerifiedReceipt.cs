using System.Diagnostics.CodeAnalysis;
using Warder.Contracts.Receipts;

namespace Warder.Client.Receipts;

/// <summary>The result of <see cref="ReceiptVerification.Verify"/>.</summary>
/// <param name="Receipt">The signed receipt; null when there is a problem.</param>
/// <param name="Problem">The problem, for people; null when the receipt verifies.</param>
public sealed record VerifiedReceipt(Receipt? Receipt, string? Problem)
{
    /// <summary>Whether the receipt equals the one that Warder signed.</summary>
    [MemberNotNullWhen(true, nameof(Receipt))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsGenuine => Receipt is not null;
}
