using System.Diagnostics.CodeAnalysis;
using Warder.Contracts.Receipts;

namespace Warder.Client.Receipts;

/// <summary>What <see cref="ReceiptVerification.Verify"/> found.</summary>
/// <param name="Receipt">What was signed; null when there is a problem.</param>
/// <param name="Problem">What is wrong, for people; null when nothing is.</param>
public sealed record VerifiedReceipt(Receipt? Receipt, string? Problem)
{
    /// <summary>Whether the receipt is what Warder signed.</summary>
    [MemberNotNullWhen(true, nameof(Receipt))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsGenuine => Receipt is not null;
}
