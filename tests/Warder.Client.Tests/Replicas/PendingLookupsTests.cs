using Warder.Client.Replicas;
using Warder.Protocol;

namespace Warder.Client.Tests.Replicas;

/// <summary>The number of lookups that a replica may leave unanswered at its node.</summary>
public sealed class PendingLookupsTests
{
    private readonly PendingLookups lookups = new();

    [Fact]
    public void Questions_that_come_apart_make_half_as_many_messages_as_a_node_queues_and_the_rest_wait()
    {
        for (var i = 0; i < 32; i++)
        {
            Add($"token-{i}");
            Assert.IsType<KeyQuestions>(lookups.Take());
        }

        Add("token-32");
        Add("token-33");
        Assert.Null(lookups.Take());
        Answer(1);
        Assert.Equal([33, 34], Assert.IsType<KeyQuestions>(lookups.Take()).Questions.Select(static question => question.Number));
    }

    [Fact]
    public void A_message_is_unanswered_until_its_last_question_is_answered()
    {
        for (var i = 0; i < 32 * 16; i++)
            Add($"token-{i}");
        for (var i = 0; i < 32; i++)
            Assert.Equal(16, Assert.IsType<KeyQuestions>(lookups.Take()).Questions.Count);
        Add("one more");
        for (var number = 1; number < 16; number++)
        {
            Answer(number);
            Answer(number);
        }

        Assert.Null(lookups.Take());
        Answer(16);
        Assert.NotNull(lookups.Take());
    }

    [Fact]
    public void Requests_for_decisions_fit_into_a_message_and_into_what_a_node_holds_for_a_connection()
    {
        var most = RequiredPermissions.Of(Enumerable.Range(0, 256).Select(static i => $"{i:000}{new string('a', 45)}"));
        for (var i = 0; i < 100; i++)
            Assert.NotNull(lookups.Add($"token-{i}", 0, most));
        var requests = new List<DecisionRequest>();
        while (lookups.Take() is DecisionRequests message)
        {
            Assert.InRange(
                message.Requests.Sum(static each => each.Value.Length + each.Permissions.Sum(static slug => slug.Length + 3)), 1,
                128 * 1024);
            requests.AddRange(message.Requests);
        }

        Assert.InRange(requests.Count, 5, 8);
        Assert.All(requests, static each => Assert.Equal(256, each.Permissions.Count));
        lookups.Unsend();
        Assert.IsType<DecisionRequests>(lookups.Take());
    }

    [Fact]
    public void Of_two_kinds_that_wait_each_message_has_one()
    {
        Add("a");
        Assert.NotNull(lookups.Add("b", 0, RequiredPermissions.None));
        Add("c");
        Assert.Equal(["a", "c"], Assert.IsType<KeyQuestions>(lookups.Take()).Questions.Select(static question => question.Value));
        Assert.Equal(
            (3, "b"),
            Assert.Single(Assert.IsType<DecisionRequests>(lookups.Take()).Requests) is var request
                ? (request.Number, request.Value)
                : default);
    }

    [Fact]
    public async Task A_question_of_a_lost_connection_is_answered_though_the_one_who_asked_again_has_left()
    {
        var first = Add("token");
        Assert.NotNull(lookups.Take());
        var second = Add("token");
        lookups.Unsend();
        lookups.Leave(second);
        Assert.Equal(2, Assert.Single(Assert.IsType<KeyQuestions>(lookups.Take()).Questions).Number);
        Answer(2);
        Assert.Equal("not_found", (await first.Answered.WaitAsync(TimeSpan.FromSeconds(10))).Key?.Code);
    }

    [Fact]
    public void More_permissions_than_a_key_can_have_and_a_slug_that_cannot_be_are_refused_where_they_are_made()
    {
        Assert.Throws<ArgumentException>(() => RequiredPermissions.Of(Enumerable.Range(0, 257).Select(static i => $"p:{i}")));
        Assert.Throws<ArgumentException>(() => RequiredPermissions.Of(new string('a', 49)));
        Assert.NotNull(RequiredPermissions.Of(new string('a', 48)));
    }

    private Question Add(string value) => lookups.Add(value, 0)!;

    private void Answer(long number) => lookups.Answer(new KeyAnswers([new KeyAnswer(number, "not_found", null)]));
}
