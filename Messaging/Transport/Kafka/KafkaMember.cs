using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Trellis.Messaging.Transport.Kafka;

/// <summary>
/// Keeps a consumer in its group: polls it all the time on a thread of its own, whatever handlers do, and keeps what comes until somebody asks for it. A
/// partition of which too much lies here is not read for a while.
/// </summary>
internal sealed partial class KafkaMember : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long a partition that goes to another waits for what is in hand.</summary>
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(10);

    private readonly KafkaCluster _cluster;
    private readonly string _group;
    private readonly string[] _topics;
    private readonly IReadOnlyDictionary<string, long[]> _starts;
    private readonly MessagingOptions _options;
    private readonly ILogger _logger;
    private readonly Action _wake;
    private readonly KafkaShare _share;
    private readonly IConsumer<byte[]?, byte[]?> _marks;
    private readonly CancellationTokenSource _closed = new();
    private readonly ManualResetEventSlim _settled = new();
    private readonly TaskCompletionSource _assigned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _polling;
    private IConsumer<byte[]?, byte[]?>? _consumer;

    public KafkaMember(
        KafkaCluster cluster, string group, IEnumerable<string> topics, IReadOnlyDictionary<string, long[]> starts, MessagingOptions options, ILogger logger,
        Lock @lock, Action wake)
    {
        (_cluster, _group, _topics, _starts, _options, _logger, _wake) = (cluster, group, [.. topics], starts, options, logger, wake);
        _share = new KafkaShare(options, @lock);
        _marks = cluster.Reader(KafkaTopology.HandedGroup(group)).Build();
        _polling = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Done when the member has its share of the partitions for the first time.</summary>
    public Task Assigned => _assigned.Task;

    /// <summary>Hands out what may be; under the lock.</summary>
    /// <returns>When there is more, unless something happens before.</returns>
    public DateTimeOffset? Take(List<Delivery> taken, int limit, DateTimeOffset now) => _share.Take(taken, limit, now);

    /// <summary>Tells the group what was handed out, before it is.</summary>
    /// <exception cref="KafkaException">The cluster does not answer.</exception>
    public async Task MarkAsync(IReadOnlyList<Delivery> taken)
    {
        var marks = _share.MarksFor(taken);
        if (marks.Count > 0)
        {
            await Task.Run(() => Mark(marks));
        }
    }

    /// <summary>These are done.</summary>
    public void Complete(IEnumerable<KafkaEntry> entries)
    {
        _share.Complete(entries, Store);
        _settled.Set();
    }

    /// <summary>Something is no longer in hand.</summary>
    public void Settle() => _settled.Set();

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _polling;
        await Task.Run(_marks.Dispose);
        _closed.Dispose();
        _settled.Dispose();
    }

    private void Run()
    {
        while (!_closed.IsCancellationRequested)
        {
            using var consumer = _cluster.Member(_group)
                .SetPartitionsAssignedHandler(OnAssigned)
                .SetPartitionsRevokedHandler((_, places) => OnRevoked(places))
                .SetPartitionsLostHandler((_, places) => _share.Drop(places.Select(place => place.TopicPartition)))
                .SetErrorHandler((_, error) => LogError(_logger, _group, error.Reason))
                .Build();
            try
            {
                _consumer = consumer;
                consumer.Subscribe(_topics);
                while (!_closed.IsCancellationRequested)
                {
                    Turn(consumer);
                }

                consumer.Close();
            }
            catch (Exception failure)
            {
                // Whatever it is: without this loop the group would lose a member that nobody misses.
                LogError(_logger, _group, failure.Message);
                _closed.Token.WaitHandle.WaitOne(Pause);
            }
            finally
            {
                _share.DropAll();
            }
        }
    }

    private void Turn(IConsumer<byte[]?, byte[]?> consumer)
    {
        try
        {
            if (consumer.Consume(Poll) is { Message: not null } result)
            {
                Add(result);
            }
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            // The client goes on by itself.
            LogError(_logger, _group, failure.Error.Reason);
        }

        Balance(consumer);
    }

    private void Add(ConsumeResult<byte[]?, byte[]?> result)
    {
        var message = KafkaMessages.Read(result.Message);
        if (message is null)
        {
            LogStranger(_logger, _group, result.TopicPartitionOffset.ToString());
        }

        _share.Add(result.TopicPartition, result.Offset.Value, message, Store);
        _wake();
    }

    // Of a partition that is not read, nothing comes; the consumer is polled all the same.
    private void Balance(IConsumer<byte[]?, byte[]?> consumer)
    {
        var (full, again) = _share.Balance();
        if (full.Count > 0)
        {
            consumer.Pause(full);
        }

        if (again.Count > 0)
        {
            consumer.Resume(again);
        }
    }

    private List<TopicPartitionOffset> OnAssigned(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> places)
    {
        List<TopicPartitionOffset> positions = [];
        if (places.Count > 0)
        {
            var (done, marks) = Known(consumer, places);
            foreach (var place in places)
            {
                var start = done.TryGetValue(place, out var offset) && !offset.IsSpecial ? offset.Value : StartOf(place);
                _share.Add(new KafkaPartition(place, start, HandedMark.Of(marks.GetValueOrDefault(place, Offset.Unset))));
                positions.Add(new TopicPartitionOffset(place, start));
            }

            _assigned.TrySetResult();
        }

        return positions;
    }

    private (Dictionary<TopicPartition, Offset> Done, Dictionary<TopicPartition, Offset> Marks) Known(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> places)
    {
        while (true)
        {
            try
            {
                return (Read(consumer, places), Read(_marks, places));
            }
            catch (KafkaException failure) when (!_closed.IsCancellationRequested)
            {
                // Without it the member would begin in the wrong place.
                LogError(_logger, _group, failure.Error.Reason);
                _closed.Token.WaitHandle.WaitOne(Pause);
            }
        }
    }

    private static Dictionary<TopicPartition, Offset> Read(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> places)
        => consumer.Committed(places, KafkaCluster.Patience).ToDictionary(place => place.TopicPartition, place => place.Offset);

    private long StartOf(TopicPartition place) => _starts.TryGetValue(place.Topic, out var ends) && place.Partition.Value < ends.Length ? ends[place.Partition.Value] : 0;

    private void OnRevoked(List<TopicPartitionOffset> places)
    {
        var leaving = _share.BeginToLeave(places);
        if (leaving.Count == 0)
        {
            return;
        }

        AwaitSettled(leaving);
        try
        {
            _consumer!.Commit(_share.Positions(leaving));
            Mark(_share.MarksForEnd(leaving));
        }
        catch (KafkaException failure)
        {
            // What was done comes again, and the inbox knows it.
            LogError(_logger, _group, failure.Error.Reason);
        }

        _share.Drop(leaving.Select(partition => partition.Place));
    }

    private void AwaitSettled(List<KafkaPartition> partitions)
    {
        var patience = TimeSpan.FromTicks(Math.Min(_options.Lease.Ticks, LongestFarewell.Ticks));
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < patience && !_closed.IsCancellationRequested;)
        {
            _settled.Reset();
            if (!_share.HasInHand(partitions))
            {
                return;
            }

            _settled.Wait(Poll);
        }
    }

    private void Mark(List<(KafkaPartition Partition, HandedMark Mark)> marks)
    {
        if (marks.Count == 0)
        {
            return;
        }

        _marks.Commit(marks.Select(one => new TopicPartitionOffset(one.Partition.Place, one.Mark.Offset)));
        _share.Marked(marks);
    }

    private void Store(TopicPartitionOffset position)
    {
        try
        {
            _consumer?.StoreOffset(position);
        }
        catch (Exception failure) when (failure is KafkaException or ObjectDisposedException)
        {
            // It is somebody else's already: it comes again there, and the inbox knows it.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Group {Group} has trouble with Kafka: {Reason}")]
    private static partial void LogError(ILogger logger, string group, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Group {Group} passes over {Place}, which is no message of this system")]
    private static partial void LogStranger(ILogger logger, string group, string place);
}
