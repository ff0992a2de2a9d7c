namespace Trellis.Messaging.Transport.Kafka;

/// <summary>What there is in the cluster, by name.</summary>
internal static class KafkaTopology
{
    /// <summary>Which group wants which type since when; one partition, the first entry of a type counts.</summary>
    public const string Subscriptions = "trellis.subscriptions";

    // Kafka's own limit, with room for the group topics' endings.
    private const int LongestName = 240;

    /// <summary>Where messages of a type go.</summary>
    public static string TopicOf(string type) => type;

    /// <summary>What comes back to one group only.</summary>
    public static string RetryTopic(string group) => $"{group}.retry";

    /// <summary>What a group has set aside, and what it has put back since; one partition.</summary>
    public static string DeadTopic(string group) => $"{group}.dead";

    /// <summary>Under this name a group keeps what it has handed out but not completed; nobody ever joins it.</summary>
    public static string HandedGroup(string group) => $"{group}.handed";

    public static bool CanRoute(string type) => type.Length is > 0 and <= LongestName
        && type.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-') && type is not "." and not "..";
}
