using System.Security.Cryptography;
using System.Text;
using Warder.Core.Time;
using Warder.Core.Verification;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Server.Tests.Hosting;
using Warder.Storage.Verification;

namespace Warder.Server.Tests.Faults;

/// <summary>After a commit of unknown outcome, memory holds nothing from before it.</summary>
public sealed class UnknownOutcomeTests
{
    [Fact]
    public async Task A_read_that_began_before_a_commit_of_unknown_outcome_is_not_kept_after_it()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(own.KeyValue));
        var slow = KeyLoader.Load(warder.Node.Store, 1, digest)!;
        await UnobservedCommit.Revoke(warder, own.Key);
        var memory = new MemoryListener(warder.Node.Memory, warder.Node.ReplicaLeases, warder.Node.Identity, warder.Node.Clock);
        memory.Forget();
        memory.Restore();

        var tag = warder.Node.Cache.TagOf(Encoding.UTF8.GetBytes(own.KeyValue), 1);
        warder.Node.Cache.DecideLoaded(tag, slow, new ValidationRequest(1, default), Clock.System.Now());
        Assert.False(
            warder.Node.Cache.TryDecide(tag, new ValidationRequest(1, default), Clock.System.Now(), out var decision) && decision.Allow);
        Assert.Equal("revoked", await warder.Decide(own.KeyValue));
    }

    [Fact]
    public async Task What_is_in_memory_is_forgotten_with_a_commit_of_unknown_outcome()
    {
        await using var warder = await RunningWarder.StartAsync();
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        Assert.Equal("allowed", await warder.Decide(own.KeyValue));
        await UnobservedCommit.Revoke(warder, own.Key);
        Assert.Equal("allowed", await warder.Decide(own.KeyValue));
        var memory = new MemoryListener(warder.Node.Memory, warder.Node.ReplicaLeases, warder.Node.Identity, warder.Node.Clock);
        memory.Forget();
        memory.Restore();

        Assert.Equal("revoked", await warder.Decide(own.KeyValue));
        (await warder.Get("/api_keys")).Is(200);
    }
}
