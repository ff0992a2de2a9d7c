using Aspire.RabbitMQ.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Trace;
using RabbitMQ.Client;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a RabbitMQ connection, with retries, a health check and traces.</summary>
public static class AspireRabbitMQExtensions
{
    private const string Section = "Aspire:RabbitMQ:Client";

    /// <summary>Registers an <see cref="IConnection"/> singleton, and the <see cref="IConnectionFactory"/> that makes it.</summary>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureConnectionFactory">Called after the connection string and the configuration are read; wins over them.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddRabbitMQClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<RabbitMQClientSettings>? configureSettings = null,
        Action<ConnectionFactory>? configureConnectionFactory = null) =>
        Add(builder, connectionName, serviceKey: null, configureSettings, configureConnectionFactory);

    /// <summary>Registers an <see cref="IConnection"/> singleton, and the <see cref="IConnectionFactory"/> that makes it, under a key.</summary>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureConnectionFactory">Called after the connection string and the configuration are read; wins over them.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedRabbitMQClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<RabbitMQClientSettings>? configureSettings = null,
        Action<ConnectionFactory>? configureConnectionFactory = null) =>
        Add(builder, name, serviceKey: name, configureSettings, configureConnectionFactory);

    private static void Add(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<RabbitMQClientSettings>? configureSettings,
        Action<ConnectionFactory>? configureConnectionFactory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var section = builder.Configuration.GetSection(Section);
        var named = section.GetSection(name);
        var settings = new RabbitMQClientSettings();
        section.Bind(settings);
        named.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(name) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        IConnectionFactory MakeFactory()
        {
            var factory = new ConnectionFactory();
            section.GetSection("ConnectionFactory").Bind(factory);
            named.GetSection("ConnectionFactory").Bind(factory);
            if (!string.IsNullOrEmpty(settings.ConnectionString))
            {
                factory.Uri = new Uri(settings.ConnectionString);
            }

            configureConnectionFactory?.Invoke(factory);
            return factory;
        }

        // The container knows a null key as none.
        builder.Services.AddKeyedSingleton<IConnectionFactory>(serviceKey, (_, _) => MakeFactory());
        builder.Services.AddKeyedSingleton<IConnection>(
            serviceKey, (provider, _) => RabbitMQConnecting.Open(FactoryOf(provider, serviceKey), settings.MaxConnectRetryCount));
        if (!settings.DisableAutoActivation)
        {
            builder.Services.AddSingleton<IHostedService>(provider => new ConnectAtStart(() =>
            {
                // Spans are collected from when there is a provider of them; the host makes it later than this.
                _ = provider.GetService<TracerProvider>();
                return ConnectionOf(provider, serviceKey);
            }));
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(RabbitMQConnecting.SourceName, "RabbitMQ.Client.*"));
        }

        AddHealthCheck(builder, name, serviceKey, settings);
    }

    private static void AddHealthCheck(IHostApplicationBuilder builder, string name, string? serviceKey, RabbitMQClientSettings settings)
    {
        var checkName = serviceKey is null ? "RabbitMQ.Client" : $"RabbitMQ.Client_{name}";
        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"Aspire.HealthChecks.{checkName}", true))
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                checkName, provider => new RabbitMQHealthCheck(() => ConnectionOf(provider, serviceKey)), failureStatus: null, tags: null));
        }
    }

    private static IConnection ConnectionOf(IServiceProvider provider, string? serviceKey) =>
        serviceKey is null ? provider.GetRequiredService<IConnection>() : provider.GetRequiredKeyedService<IConnection>(serviceKey);

    private static IConnectionFactory FactoryOf(IServiceProvider provider, string? serviceKey) =>
        serviceKey is null ? provider.GetRequiredService<IConnectionFactory>() : provider.GetRequiredKeyedService<IConnectionFactory>(serviceKey);
}
