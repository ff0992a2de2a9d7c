namespace Aspire.StackExchange.Redis;

/// <summary>
/// What can be set for a Redis client: in the configuration section <c>Aspire:StackExchange:Redis</c>, in its subsection named after
/// the connection, or in code. Options of the client itself stand in the subsection <c>ConfigurationOptions</c> of either.
/// </summary>
public sealed partial class StackExchangeRedisSettings
{
    /// <summary>The StackExchange.Redis connection string. <c>ConnectionStrings:&lt;name&gt;</c> wins over the sections.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether no health check is registered for the connection. Default: one is.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether commands make no spans. Default: they do.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>
    /// Whether the connection waits for its first use. Default false: it is opened while the application starts, so that the first
    /// request does not block on it.
    /// </summary>
    public bool DisableAutoActivation { get; set; }
}
