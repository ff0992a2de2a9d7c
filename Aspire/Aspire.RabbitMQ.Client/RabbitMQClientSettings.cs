namespace Aspire.RabbitMQ.Client;

/// <summary>
/// What can be set for a RabbitMQ client: in the configuration section <c>Aspire:RabbitMQ:Client</c>, in its subsection named after the connection, or
/// in code. Options of the client itself stand in the subsection <c>ConnectionFactory</c> of either.
/// </summary>
public sealed class RabbitMQClientSettings
{
    /// <summary>The server's URI. <c>ConnectionStrings:&lt;name&gt;</c> wins over the sections.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>How often a failed attempt to connect is repeated, each time after a longer pause. Default: 5 times.</summary>
    public int MaxConnectRetryCount { get; set; } = 5;

    /// <summary>Whether no health check is registered for the connection. Default: one is.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether publishing and consuming make no spans. Default: they do.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Whether the connection waits for its first use. Default false: it is opened while the application starts.</summary>
    public bool DisableAutoActivation { get; set; }
}
