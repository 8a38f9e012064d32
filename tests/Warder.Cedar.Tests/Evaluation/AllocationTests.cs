using Warder.Cedar.Values;

namespace Warder.Cedar.Tests.Evaluation;

/// <summary>A decision allocates nothing, and building its request little.</summary>
public sealed class AllocationTests
{
    private const int Decisions = 1_000;
    private const int BytesToBuildARequest = 1_024;

    private static readonly EntityTypeName User = EntityTypeName.Parse("User");
    private static readonly EntityTypeName Document = EntityTypeName.Parse("Document");
    private static readonly EntityUid View = new("Action", "view");

    private static readonly PolicySet Policies = PolicySet.Parse(
        """
        permit(principal == User::"5", action == Action::"view", resource in Folder::"f") when { context.mfa && principal.level + 1 > 3 };
        permit(principal in Group::"staff", action in [Action::"view", Action::"edit"], resource is Document)
          when { resource.owner like "a*e" && resource has meta.size && resource.tags.contains("x")
            && context.ip.isInRange(ip("10.0.0.0/8")) }
          unless { principal.name == "mallory" || resource.hasTag("secret") };
        permit(principal, action, resource) when { principal in [Group::"staff", Group::"guests"] && context.at < datetime("2030-01-01") };
        forbid(principal, action, resource in Folder::"closed");
        forbid(principal, action, resource) when { if principal.level < 0 then true else resource.owner == "" };
        """).ValueOrThrow();

    private static readonly Cedar.Entities Entities = Cedar.Entities.ParseJson(
        """
        [{"uid": {"type": "User", "id": "5"}, "attrs": {"level": 4, "name": "alice"}, "parents": [{"type": "Group", "id": "staff"}]},
         {"uid": {"type": "Group", "id": "staff"}, "attrs": {}, "parents": [{"type": "Group", "id": "all"}]},
         {"uid": {"type": "Document", "id": "5"}, "attrs": {"owner": "alice", "meta": {"size": 1}, "tags": ["x", "y"]},
          "parents": [{"type": "Folder", "id": "f"}], "tags": {"public": true}}]
        """).ValueOrThrow();

    [Fact]
    public void Deciding_a_request_again_allocates_nothing()
    {
        var request = Build();
        var allocated = Allocated(() => Authorizer.Decide(Policies, request, Entities));

        Assert.Equal(3, Authorizer.Decide(Policies, request, Entities).Reasons.Count);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_decision_with_its_request_built_allocates_at_most_a_kilobyte()
        => Assert.InRange(Allocated(() => Authorizer.Decide(Policies, Build(), Entities)), 1, Decisions * BytesToBuildARequest);

    private static Request Build() => new(
        new EntityUid(User, "5"), View, new EntityUid(Document, "5"),
        CedarRecord.Create(
            KeyValuePair.Create("mfa", Value.True), KeyValuePair.Create("ip", (Value)CedarIp.From(System.Net.IPAddress.Parse("10.1.2.3"))),
            KeyValuePair.Create("at", (Value)new CedarDateTime(1_700_000_000_000))));

    // Code that compiles at its first use runs before.
    private static long Allocated(Func<Decision> decide)
    {
        for (var i = 0; i < Decisions; i++)
            decide();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Decisions; i++)
            decide();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
