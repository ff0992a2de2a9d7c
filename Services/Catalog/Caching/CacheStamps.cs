using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Shop.Catalog.Caching;

/// <summary>
/// The current stamp of each tag, in Redis, where all replicas see it. Removing a stamp is what forgets a tag: the next reader makes
/// another, and a stamp that was lost or evicted does no more harm than that.
/// </summary>
internal sealed partial class CacheStamps
{
    /// <summary>How long a request waits for Redis before it goes on without the cache.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>How long requests then do not try again: a server that hangs must not cost each of them its patience.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Longer than any entry that is stored under a stamp.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly IConnectionMultiplexer _redis;
    private readonly TimeProvider _time;
    private readonly ILogger<CacheStamps> _logger;

    /// <summary>Tags to forget that Redis has not heard of yet, each with a mark of the last removal asked for.</summary>
    private readonly ConcurrentDictionary<string, object> _owed = new(StringComparer.Ordinal);

    private long _pauseUntil;

    public CacheStamps(IConnectionMultiplexer redis, CacheMetrics metrics, TimeProvider time, ILogger<CacheStamps> logger)
    {
        (_redis, _time, _logger) = (redis, time, logger);
        metrics.Observe(redis);
        redis.ConnectionRestored += (_, _) => _ = RemoveAsync([]).AsTask();
    }

    /// <summary>The tag's stamp, made if there is none; null while Redis cannot be asked.</summary>
    public async ValueTask<string?> GetAsync(string tag, CancellationToken cancellationToken)
    {
        if (!_redis.IsConnected || _time.GetUtcNow().UtcTicks < Volatile.Read(ref _pauseUntil))
        {
            return null;
        }

        try
        {
            return await ReadOrMakeAsync(tag).WaitAsync(Patience, cancellationToken);
        }
        catch (Exception failure) when (IsAbsence(failure))
        {
            GoOnWithout(failure);
            return null;
        }
    }

    /// <summary>Removes the tags' stamps. While Redis cannot be asked it is remembered, and made up for before the next read.</summary>
    public async ValueTask RemoveAsync(IReadOnlyCollection<string> tags)
    {
        foreach (var tag in tags)
        {
            _owed[tag] = new object();
        }

        try
        {
            await PayAsync().WaitAsync(Patience);
        }
        catch (Exception failure) when (IsAbsence(failure))
        {
            GoOnWithout(failure);
        }
    }

    private static bool IsAbsence(Exception failure) => failure is RedisException or TimeoutException or ObjectDisposedException;

    private static RedisKey KeyOf(string tag) => $"catalog:stamp:{tag}";

    private async Task<string?> ReadOrMakeAsync(string tag)
    {
        if (!_owed.IsEmpty)
        {
            await PayAsync();
        }

        var database = _redis.GetDatabase();
        var stamp = await database.StringGetAsync(KeyOf(tag));
        if (stamp.IsNull)
        {
            // Random, never counted up: a number that starts over would bring old entries back.
            stamp = Guid.NewGuid().ToString("N");
            if (!await database.StringSetAsync(KeyOf(tag), stamp, Lifetime, When.NotExists))
            {
                stamp = await database.StringGetAsync(KeyOf(tag));
            }
        }

        return stamp;
    }

    private async Task PayAsync()
    {
        var owed = _owed.ToArray();
        if (owed.Length == 0)
        {
            return;
        }

        await _redis.GetDatabase().KeyDeleteAsync([.. owed.Select(entry => KeyOf(entry.Key))]);
        foreach (var entry in owed)
        {
            // Only if nobody asked again meanwhile: that removal belongs to a later write.
            _owed.TryRemove(entry);
        }
    }

    private void GoOnWithout(Exception failure)
    {
        Volatile.Write(ref _pauseUntil, (_time.GetUtcNow() + Pause).UtcTicks);
        LogAbsence(_logger, failure.Message);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cache does not answer; going on without it: {Reason}")]
    private static partial void LogAbsence(ILogger logger, string reason);
}
