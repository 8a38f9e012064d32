using System.Text;
using System.Threading.Channels;
using Warder.Contracts.Replicas;
using Warder.Core.Verification;
using Warder.Server.Hosting;
using Warder.Server.Http;
using Warder.Storage;

namespace Warder.Server.Replicas;

/// <summary>Answers what a replica's memory does not know, a few questions at a time, beside the stream: a read that waits for the store holds up no acknowledgement.</summary>
internal sealed class QuestionDesk(ReplicaStream stream, Node node)
{
    private const int Clerks = 4;

    private readonly Channel<KeyQuestions> waiting = Channel.CreateBounded<KeyQuestions>(new BoundedChannelOptions(Limits.QuestionMessagesPerReplica));

    /// <summary>Takes questions. False when too many wait: a replica waits for answers before it asks more.</summary>
    public bool Take(KeyQuestions questions) => waiting.Writer.TryWrite(questions);

    /// <summary>Answers until the connection ends.</summary>
    public Task Run(CancellationToken ended) => Task.WhenAll(Enumerable.Range(0, Clerks).Select(_ => Answer(ended)));

    private async Task Answer(CancellationToken ended)
    {
        try
        {
            await foreach (var questions in waiting.Reader.ReadAllAsync(ended))
            {
                node.Counts.Asked(questions.Questions.Count);
                stream.Send(ReplicaStream.Write(new KeyAnswers(Answer(questions.Questions))));
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for answers.
        }
    }

    private KeyAnswer[] Answer(IReadOnlyList<KeyQuestion> questions)
    {
        try
        {
            if (stream.IsStillAuthentic())
                return [.. questions.Select(Answer)];
        }
        catch (StorageException)
        {
            // What cannot be known is no denial: it is said to be unknown.
        }

        return [.. questions.Select(static question => new KeyAnswer(question.Number, Decision.NameOf(DecisionCode.Unavailable), null))];
    }

    private KeyAnswer Answer(KeyQuestion question)
    {
        if (question.Value.Length > Limits.ValueCharacters)
            return new KeyAnswer(question.Number, Decision.NameOf(DecisionCode.Malformed), null);
        var (code, key) = node.Validator.Read(Encoding.UTF8.GetBytes(question.Value), node.Environments[stream.Environment], question.AtLeast);
        return key is null ? new KeyAnswer(question.Number, Decision.NameOf(code), null) : new KeyAnswer(question.Number, null, ReplicaKeys.Of(key));
    }
}
