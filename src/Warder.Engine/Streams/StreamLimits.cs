namespace Warder.Engine.Streams;

/// <summary>Limits on the resources that replicas hold of a node, and on their messages.</summary>
internal static class StreamLimits
{
    /// <summary>Connections of replicas, and identities that hold leases: see <see cref="NodeShare"/>.</summary>
    public const int ReplicasPerNode = 1_000;
    public const int ReplicasPerManagementKey = 200;
    public const int ReplicaNameCharacters = 64;

    /// <summary>Bytes that are composed and unsent, or received and unprocessed.</summary>
    public const int StreamBytesPerConnection = 1 << 20;
    public const int StreamBytesPerManagementKey = 16 << 20;
    public const int StreamBytesPerNode = 256 << 20;
    public const int ReplicaMessageBytes = 128 * 1024;
    public const int ReplicaIdentityCharacters = 32;
    public const int QuestionsPerMessage = 100;
    public const int QuestionMessagesPerReplica = 64;
    public const int UsesPerMessage = 1_000;
}
