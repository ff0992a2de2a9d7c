using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>How clients of the cluster are made, and what they demand of it.</summary>
internal sealed class KafkaCluster(string servers, string clientName, MessagingOptions options)
{
    /// <summary>How long the cluster has for an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Those who ask whether the cluster is there are in a hurry.</summary>
    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan ControllerPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    // What Kafka itself adds to a message.
    private const int Envelope = 16 * 1024;

    private bool _createsByItself;

    /// <summary>The largest message with its attributes.</summary>
    public int MaxRecordBytes => checked(options.MaxMessageBytes + KafkaMessages.MaxHeaderBytes + Envelope);

    public IProducer<byte[]?, byte[]?> Producer(Action<Error> failed)
    {
        var config = Client(new ProducerConfig
        {
            Acks = Acks.All,
            EnableIdempotence = true,

            // After a message that was given up, later ones of its key would overtake its next attempt.
            EnableGaplessGuarantee = true,
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = 1,
            MessageMaxBytes = MaxRecordBytes,
            MessageTimeoutMs = (int)Patience.TotalMilliseconds,
        });
        return new ProducerBuilder<byte[]?, byte[]?>(config).SetErrorHandler((_, error) => failed(error)).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>A member of a group.</summary>
    public ConsumerBuilder<byte[]?, byte[]?> Member(string group)
    {
        // Kafka takes no less than six seconds and no more than half an hour, unless it is told to.
        var session = (int)Math.Clamp(options.Lease.TotalMilliseconds, 6_000, 1_800_000);
        return Consumer(new ConsumerConfig
        {
            GroupId = group,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
            SessionTimeoutMs = session,
            HeartbeatIntervalMs = 1_000,
            MaxPollIntervalMs = Math.Max(300_000, session),
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoOffsetStore = false,
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 250,
        });
    }

    /// <summary>One that joins no group, and only reads, or writes offsets.</summary>
    public ConsumerBuilder<byte[]?, byte[]?> Reader(string group) => Consumer(new ConsumerConfig
    {
        GroupId = group,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        EnablePartitionEof = true,
    });

    /// <summary>Makes sure that topics are there.</summary>
    public async Task EnsureAsync(Handle handle, IReadOnlyCollection<Topic> topics, CancellationToken cancellationToken)
    {
        using var admin = new DependentAdminClientBuilder(handle).Build();

        // All topics at once: asked for one, the cluster might create it in its own way.
        var there = await Task.Run(() => admin.GetMetadata(Patience).Topics.Where(topic => !topic.Error.IsError).Select(topic => topic.Topic).ToHashSet(), cancellationToken);
        var absent = topics.Where(topic => !there.Contains(topic.Name)).ToList();
        if (absent.Count == 0)
        {
            return;
        }

        await Task.Run(() => CreateAsync(admin, absent), cancellationToken);
        foreach (var topic in absent)
        {
            await AwaitAsync(admin, topic.Name, cancellationToken);
        }
    }

    /// <summary>How many partitions a topic has.</summary>
    public static Task<int> PartitionsAsync(Handle handle, string topic, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var admin = new DependentAdminClientBuilder(handle).Build();
            return admin.GetMetadata(topic, Patience).Topics.Single(one => one.Topic == topic).Partitions.Count;
        },
        cancellationToken);

    /// <summary>Asks any broker for anything.</summary>
    public static Task PingAsync(Handle handle, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var admin = new DependentAdminClientBuilder(handle).Build();
            admin.GetMetadata(PingPatience);
        },
        cancellationToken);

    /// <summary>Runs something, and says so when the cluster does not answer.</summary>
    public static async Task<TResult> CallAsync<TResult>(Func<Task<TResult>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (failure is KafkaException or ObjectDisposedException)
        {
            throw Unavailable(failure);
        }
    }

    public static TransportUnavailableException Unavailable(Exception failure) => new($"Kafka does not answer: {failure.Message}", failure);

    private async Task CreateAsync(IAdminClient admin, List<Topic> topics)
    {
        if (_createsByItself)
        {
            return;
        }

        try
        {
            await admin.CreateTopicsAsync(
                topics.Select(topic => new TopicSpecification
                {
                    Name = topic.Name,
                    NumPartitions = topic.IsSingle ? 1 : options.KafkaPartitions,
                    ReplicationFactor = -1,
                    Configs = new Dictionary<string, string>(topic.Settings) { ["max.message.bytes"] = $"{MaxRecordBytes}" },
                }),
                new CreateTopicsOptions { RequestTimeout = ControllerPatience, OperationTimeout = ControllerPatience });
        }
        catch (CreateTopicsException refusal) when (refusal.Results.All(result => !result.Error.IsError || result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Others start at the same time.
        }
        catch (KafkaException absence) when (absence.Error.Code == ErrorCode.Local_TimedOut && absence.Error.Reason.Contains("controller", StringComparison.Ordinal))
        {
            // librdkafka's mock has no controller, and creates a topic when somebody asks for it. Elsewhere the topic stays absent, which is noticed.
            _createsByItself = true;
        }
    }

    private static async Task AwaitAsync(IAdminClient admin, string topic, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Look)
        {
            var found = await Task.Run(() => admin.GetMetadata(topic, Patience).Topics.FirstOrDefault(one => one.Topic == topic), cancellationToken);
            if (found is { Error.IsError: false, Partitions.Count: > 0 } && found.Partitions.All(partition => partition.Leader >= 0))
            {
                return;
            }

            await Task.Delay(Look, cancellationToken);
        }

        throw new KafkaException(new Error(ErrorCode.Local_TimedOut, $"The topic {topic} does not come into being"));
    }

    private ConsumerBuilder<byte[]?, byte[]?> Consumer(ConsumerConfig config)
    {
        Client(config);
        config.FetchMaxBytes = Math.Max(MaxRecordBytes, 16 * 1024 * 1024);
        config.ReceiveMessageMaxBytes = config.FetchMaxBytes + (1024 * 1024);
        config.MessageMaxBytes = MaxRecordBytes;
        config.FetchWaitMaxMs = 100;
        return new ConsumerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { });
    }

    private TConfig Client<TConfig>(TConfig config)
        where TConfig : ClientConfig
    {
        config.BootstrapServers = servers;
        config.ClientId = clientName;
        config.SocketTimeoutMs = (int)Patience.TotalMilliseconds;
        config.SocketConnectionSetupTimeoutMs = (int)Patience.TotalMilliseconds;
        config.ReconnectBackoffMaxMs = 1_000;
        config.AllowAutoCreateTopics = true;
        return config;
    }

    /// <summary>A topic that is needed.</summary>
    internal sealed record Topic(string Name, bool IsSingle, IReadOnlyDictionary<string, string> Settings)
    {
        /// <summary>Whose messages are divided by their keys.</summary>
        public static Topic Divided(string name) => new(name, IsSingle: false, new Dictionary<string, string>());

        /// <summary>Which keeps the last of each key for ever.</summary>
        public static Topic Dead(string group) => new(KafkaTopology.DeadTopic(group), IsSingle: true, new Dictionary<string, string> { ["cleanup.policy"] = "compact" });

        /// <summary>Which keeps everything for ever.</summary>
        public static Topic Subscriptions { get; } = new(KafkaTopology.Subscriptions, IsSingle: true, new Dictionary<string, string> { ["retention.ms"] = "-1" });
    }
}
