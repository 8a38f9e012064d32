using Warder.Client.Replicas;
using Warder.Core.Keys;
using Warder.Core.Secrets;
using Warder.Core.Verification.Deltas;
using Warder.Server.Tests.Hosting;
using Warder.Server.Tests.Replicas;
using Warder.Storage.Directory;
using DecisionCode = Warder.Contracts.Keys.DecisionCode;

namespace Warder.Server.Tests.Verification;

/// <summary>
/// A validation with <c>at_least</c> is answered from a state that includes the event, though memory has not applied it; or is refused.
/// </summary>
public sealed class AtLeastTests() : FollowedServer("keys:validate")
{
    private const string Path = "/api_keys/validations";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Memory_that_has_applied_less_is_not_answered_from()
    {
        await WriteReceipts();
        Assert.Equal("allowed", await Warder.Decide(Own.KeyValue));
        await UnobservedCommit.Revoke(Warder, Own.Key);
        var question = new { value = Own.KeyValue, at_least = Warder.Head };
        Assert.Equal("revoked", Code(await Warder.Post(Path, question)));
        var batch = (await Warder.Post(Path + "/batch", new { validations = new object[] { question, new { value = "x" } } })).Is(200);
        Assert.Contains("\"revoked\"", batch.Json.GetProperty("results")[0].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_token_may_look_like_is_of_that_state_too()
    {
        await WriteReceipts();
        const string value = "imp_0123456789abcdef0123456789abcdef";
        Assert.Equal("malformed", await Warder.Decide(value));
        // As the API's event does: memory that has applied it, as a node on PostgreSQL soon has, reads the schemes again.
        await UnobservedCommit.Change(
            Warder,
            static context => EnvironmentTable.AddScheme(context.Session, 1, new ImportScheme("imp_", 32, SchemeAlphabet.Hex)),
            new CacheDelta(CacheDeltaKind.Environment, Warder.Node.Environments[1].Info.Id));
        Assert.Equal("not_found", Code(await Warder.Post(Path, new { value, at_least = Warder.Head })));
    }

    [Fact]
    public async Task Where_the_log_does_not_have_the_event_there_is_no_answer()
    {
        await WriteReceipts();
        var beyond = new { value = Own.KeyValue, at_least = Warder.Head + 1 };
        foreach (var (path, body) in new (string, object)[] { (Path, beyond),
            (Path + "/batch", new { validations = new object[] { new { value = Own.KeyValue }, beyond } }) })
        {
            var refused = (await Warder.Post(path, body)).Is(503);
            Assert.Equal("unavailable", refused["code"]);
            Assert.Contains("at_least", refused["message"], StringComparison.Ordinal);
            Assert.DoesNotContain("decision", refused.Text, StringComparison.Ordinal);
        }

        Assert.Equal("allowed", Code(await Warder.Post(Path, new { value = Own.KeyValue, at_least = Warder.Head })));
        Assert.Equal("allowed", Code(await Warder.Post(Path, new { value = Own.KeyValue, at_least = 0 })));
    }

    [Fact]
    public async Task A_replica_that_has_applied_less_asks_for_what_it_needs()
    {
        await WriteReceipts();
        await using var verifier = await Replica.ReadyAsync(Warder.Address, Key);
        var value = new SecretString(Own.KeyValue);
        Assert.True((await verifier.ValidateAsync(value)).IsAllowed);
        var before = Warder.Head;
        var lookups = verifier.Questions;
        // The next lease carries a change that concerns no key.
        await Eventually.Holds(
            () => Task.FromResult(verifier.TryValidate(Own.KeyValue, RequiredPermissions.None, out var hit, before) && hit.IsAllowed), Soon,
            "It does not hear of the event.");
        Assert.Equal(lookups, verifier.Questions);

        await UnobservedCommit.Revoke(Warder, Own.Key);
        Assert.Equal(DecisionCode.Revoked, (await verifier.ValidateAsync(value, atLeast: before + 1)).Code);
        Assert.Equal(DecisionCode.Unavailable, (await verifier.ValidateAsync(value, atLeast: before + 2)).Code);
    }

    // No later event may enter the log by itself: an event of another node would be applied past the missing one.
    private Task WriteReceipts() => Warder.Node.ReceiptWriter.WriteAsync();

    private static string Code(Reply reply) => reply.Is(200).Json.GetProperty("decision").GetProperty("code").GetString()!;
}
