using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a StackExchange.Redis connection, with a health check and traces.</summary>
public static partial class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    /// <summary>Registers an <see cref="IConnectionMultiplexer"/> singleton.</summary>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureOptions">Called after the connection string and the configuration are read; wins over them.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    /// <remarks>Without an address the connection throws an <see cref="InvalidOperationException"/> that names the settings, when it is made.</remarks>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>Registers an <see cref="IConnectionMultiplexer"/> singleton, to build on.</summary>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureOptions">Called after the connection string and the configuration are read; wins over them.</param>
    /// <returns>What other integrations need to build on the client.</returns>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static AspireRedisClientBuilder AddRedisClientBuilder(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>Registers an <see cref="IConnectionMultiplexer"/> singleton under a key.</summary>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureOptions">Called after the connection string and the configuration are read; wins over them.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, name, serviceKey: name, configureSettings, configureOptions);

    /// <summary>Registers an <see cref="IConnectionMultiplexer"/> singleton under a key, to build on.</summary>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureOptions">Called after the connection string and the configuration are read; wins over them.</param>
    /// <returns>What other integrations need to build on the client.</returns>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static AspireRedisClientBuilder AddKeyedRedisClientBuilder(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, name, serviceKey: name, configureSettings, configureOptions);

    private static AspireRedisClientBuilder Add(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings,
        Action<ConfigurationOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var section = builder.Configuration.GetSection(Section);
        var named = section.GetSection(name);
        var settings = new StackExchangeRedisSettings();
        section.Bind(settings);
        named.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(name) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        var optionsName = serviceKey ?? Options.Options.DefaultName;
        builder.Services.AddSingleton(new RedisConnectionString(optionsName, settings));
        builder.Services.TryAddTransient<IOptionsFactory<ConfigurationOptions>, RedisOptionsFactory>();
        builder.Services.Configure<ConfigurationOptions>(optionsName, options =>
        {
            section.GetSection("ConfigurationOptions").Bind(options);
            named.GetSection("ConfigurationOptions").Bind(options);
            configureOptions?.Invoke(options);
        });

        if (!settings.DisableTracing)
        {
            builder.Services.TryAddSingleton(provider =>
            {
                // Made first, so disposed last: the spans of the last commands still have somewhere to go.
                _ = provider.GetService<TracerProvider>();
                return new RedisCommandTracing();
            });
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(RedisCommandTracing.SourceName));
        }

        AddConnection(builder.Services, name, serviceKey, settings, optionsName);
        AddHealthCheck(builder, name, serviceKey, settings);
        return new AspireRedisClientBuilder(builder, settings, serviceKey);
    }

    private static void AddConnection(
        IServiceCollection services, string name, string? serviceKey, StackExchangeRedisSettings settings, string optionsName)
    {
        IConnectionMultiplexer Connect(IServiceProvider provider)
        {
            var options = provider.GetRequiredService<IOptionsMonitor<ConfigurationOptions>>().Get(optionsName);
            if (options.EndPoints.Count == 0)
            {
                throw new InvalidOperationException(
                    $"No Redis address: set 'ConnectionStrings:{name}', or 'ConnectionString' in the configuration section '{Section}' "
                    + $"or '{Section}:{name}'.");
            }

            options.LoggerFactory ??= provider.GetService<ILoggerFactory>();
            var connection = ConnectionMultiplexer.Connect(options);
            if (!settings.DisableTracing)
            {
                provider.GetRequiredService<RedisCommandTracing>().Follow(connection);
            }

            return connection;
        }

        if (serviceKey is null)
        {
            services.AddSingleton(Connect);
            if (!settings.DisableAutoActivation)
            {
                services.AddSingleton<IHostedService>(provider =>
                    new ConnectAtStart(provider.GetRequiredService<IConnectionMultiplexer>));
            }
        }
        else
        {
            services.AddKeyedSingleton(serviceKey, (provider, _) => Connect(provider));
            if (!settings.DisableAutoActivation)
            {
                services.AddSingleton<IHostedService>(provider =>
                    new ConnectAtStart(() => provider.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey)));
            }
        }
    }

    private static void AddHealthCheck(IHostApplicationBuilder builder, string name, string? serviceKey, StackExchangeRedisSettings settings)
    {
        var checkName = serviceKey is null ? "StackExchange.Redis" : $"StackExchange.Redis_{name}";
        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"Aspire.HealthChecks.{checkName}", true))
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                checkName,
                provider => new RedisHealthCheck(() => serviceKey is null
                    ? provider.GetRequiredService<IConnectionMultiplexer>()
                    : provider.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey)),
                failureStatus: null,
                tags: null));
        }
    }
}
