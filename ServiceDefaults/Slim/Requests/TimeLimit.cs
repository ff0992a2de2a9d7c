using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Trellis.ServiceDefaults.Requests;

/// <summary>
/// The time that one request has. It stands in for the request's lifetime, so that a token is made only when somebody asks for one, and a timer only
/// when the answer is not there at once.
/// </summary>
internal sealed class TimeLimit(IHttpRequestLifetimeFeature connection, TimeSpan duration, TimeProvider time)
    : IHttpRequestLifetimeFeature, IHttpRequestTimeoutFeature, IDisposable
{
    private readonly long _began = time.GetTimestamp();
    private CancellationTokenSource? _source;
    private CancellationTokenRegistration _connectionAborted;
    private CancellationToken? _replaced;
    private ITimer? _timer;
    private volatile bool _isOff;

    /// <summary>What the server knows of the request's lifetime.</summary>
    public IHttpRequestLifetimeFeature Connection => connection;

    /// <summary>Whether the time is over.</summary>
    public bool HasExpired { get; private set; }

    public CancellationToken RequestAborted
    {
        get => _replaced ?? Source.Token;
        set => _replaced = value;
    }

    public CancellationToken RequestTimeoutToken => Source.Token;

    private CancellationTokenSource Source => Volatile.Read(ref _source) ?? CreateSource();

    /// <summary>Lets the time run: from here on somebody waits.</summary>
    public void Start()
    {
        if (!_isOff)
        {
            var left = duration - time.GetElapsedTime(_began);
            _timer = time.CreateTimer(
                static limit => ((TimeLimit)limit!).Expire(), this, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void DisableTimeout() => _isOff = true;

    public void Abort() => connection.Abort();

    public void Dispose()
    {
        _isOff = true;
        _timer?.Dispose();
        _connectionAborted.Dispose();
        // Not disposed of: the timer may be about to cancel it, and without a timer of its own it holds nothing.
    }

    private void Expire()
    {
        if (!_isOff)
        {
            HasExpired = true;
            Source.Cancel();
        }
    }

    private CancellationTokenSource CreateSource()
    {
        var source = new CancellationTokenSource();
        if (Interlocked.CompareExchange(ref _source, source, null) is { } other)
        {
            return other;
        }

        _connectionAborted = connection.RequestAborted.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
        return source;
    }
}
