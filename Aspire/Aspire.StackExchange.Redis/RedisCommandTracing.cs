using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;

namespace Aspire.StackExchange.Redis;

/// <summary>
/// Turns the commands that the client's profiler reports into client spans under the span they were issued in, after the
/// OpenTelemetry conventions for database clients (https://opentelemetry.io/docs/specs/semconv/database/redis/). Keys and values
/// are never part of a span.
/// </summary>
internal sealed class RedisCommandTracing : IDisposable
{
    /// <summary>The name that OpenTelemetry's own instrumentation gives its source, so that filters written for it hold.</summary>
    internal const string SourceName = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(500);

    private readonly ActivitySource _source = new(SourceName);
    private readonly ConcurrentDictionary<Activity, Scope> _scopes = new();
    private readonly ProfilingSession _withoutParent = new();
    private readonly Timer _timer;

    public RedisCommandTracing()
    {
        // The timer must not pin the span, tenant or culture of whoever caused the connection to be made.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = new Timer(_ => Flush(), state: null, FlushInterval, FlushInterval);
        }
    }

    /// <summary>Makes spans of the connection's commands from now on.</summary>
    public void Follow(IConnectionMultiplexer connection) => connection.RegisterProfiler(CurrentSession);

    public void Dispose()
    {
        _timer.Dispose();
        Flush();
        _source.Dispose();
    }

    private ProfilingSession? CurrentSession()
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        return Activity.Current switch
        {
            null => _withoutParent,

            // What nobody wants to see of the caller, such as a probe, nobody wants to see of its commands.
            { Recorded: false } => null,
            var parent => _scopes.GetOrAdd(parent, static _ => new Scope()).Session,
        };
    }

    private void Flush()
    {
        Export(_withoutParent, default);
        foreach (var (parent, scope) in _scopes)
        {
            // A parent that had ended by the last call is forgotten; until then its late commands still find their session.
            if (scope.ParentEnded)
            {
                _scopes.TryRemove(parent, out _);
            }

            scope.ParentEnded = parent.IsStopped;
            Export(scope.Session, parent.Context);
        }
    }

    private void Export(ProfilingSession session, ActivityContext parent)
    {
        foreach (var command in session.FinishProfiling())
        {
            // A name at start, for samplers that decide by it.
            using var span = _source.StartActivity(
                command.Command, ActivityKind.Client, parent, Describe(command), links: null, new DateTimeOffset(command.CommandCreated));
            span?.SetEndTime(command.CommandCreated + command.ElapsedTime);
        }
    }

    private static ActivityTagsCollection Describe(IProfiledCommand command)
    {
        var tags = new ActivityTagsCollection
        {
            ["db.system.name"] = "redis",
            ["db.operation.name"] = command.Command,
        };
        if (command.Db >= 0)
        {
            tags["db.namespace"] = command.Db.ToString(CultureInfo.InvariantCulture);
        }

        switch (command.EndPoint)
        {
            case IPEndPoint address:
                tags["server.address"] = address.Address.ToString();
                tags["server.port"] = address.Port;
                tags["network.peer.address"] = address.Address.ToString();
                tags["network.peer.port"] = address.Port;
                break;
            case DnsEndPoint host:
                tags["server.address"] = host.Host;
                tags["server.port"] = host.Port;
                break;
            case UnixDomainSocketEndPoint socket:
                tags["server.address"] = socket.ToString();
                break;
        }

        return tags;
    }

    private sealed class Scope
    {
        public ProfilingSession Session { get; } = new();

        public bool ParentEnded { get; set; }
    }
}
