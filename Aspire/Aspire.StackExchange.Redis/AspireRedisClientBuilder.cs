using Microsoft.Extensions.Hosting;

namespace Aspire.StackExchange.Redis;

/// <summary>What other integrations need to build on a registered Redis client.</summary>
/// <param name="hostBuilder">The application's builder.</param>
/// <param name="settings">The client's settings, as read.</param>
/// <param name="serviceKey">The key of the keyed client; null for the one without.</param>
public sealed partial class AspireRedisClientBuilder(IHostApplicationBuilder hostBuilder, StackExchangeRedisSettings settings, string? serviceKey)
{
    /// <summary>The application's builder.</summary>
    public IHostApplicationBuilder HostBuilder { get; } = hostBuilder ?? throw new ArgumentNullException(nameof(hostBuilder));

    /// <summary>The client's settings, as read from the configuration and changed in code.</summary>
    public StackExchangeRedisSettings Settings { get; } = settings ?? throw new ArgumentNullException(nameof(settings));

    /// <summary>The key under which the client is registered; null for the one without.</summary>
    public string? ServiceKey { get; } = serviceKey;
}
