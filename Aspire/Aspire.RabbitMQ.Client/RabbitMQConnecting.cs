using System.Diagnostics;
using System.Net.Sockets;
using Polly;
using Polly.Retry;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Aspire.RabbitMQ.Client;

/// <summary>Opens connections, with patience and spans.</summary>
internal static class RabbitMQConnecting
{
    /// <summary>The name of the spans' source.</summary>
    public const string SourceName = "Aspire.RabbitMQ.Client";

    private static readonly ActivitySource Source = new(SourceName);

    public static IConnection Open(IConnectionFactory factory, int retries)
    {
        using var all = Start("rabbitmq connect", factory.Uri);
        var pipeline = new ResiliencePipelineBuilder();
        if (retries > 0)
        {
            pipeline.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<BrokerUnreachableException>().Handle<SocketException>(),
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(1),
                MaxRetryAttempts = retries,
            });
        }

        // The container makes services synchronously.
        return pipeline.Build().ExecuteAsync(async cancellationToken => await TryAsync(factory, cancellationToken)).AsTask().GetAwaiter().GetResult();
    }

    private static async Task<IConnection> TryAsync(IConnectionFactory factory, CancellationToken cancellationToken)
    {
        using var attempt = Start("rabbitmq connect attempt", factory.Uri);
        attempt?.SetTag("messaging.operation", "connect");
        try
        {
            return await factory.CreateConnectionAsync(cancellationToken);
        }
        catch (Exception failure)
        {
            attempt?.SetStatus(ActivityStatusCode.Error, failure.Message);
            attempt?.AddException(failure);
            throw;
        }
    }

    private static Activity? Start(string name, Uri server)
    {
        var span = Source.StartActivity(name, ActivityKind.Client);
        span?.SetTag("messaging.system", "rabbitmq");
        span?.SetTag("server.address", server.Host);
        span?.SetTag("server.port", server.Port);
        return span;
    }
}
