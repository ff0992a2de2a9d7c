using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a Kafka producer, with a health check, metrics and traces.</summary>
public static class AspireKafkaProducerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Producer";

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings: null, configureBuilder: null);

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, configureBuilder: null);

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureBuilder">Called before the producer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings: null, WithoutServices(configureBuilder));

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureBuilder">Called before the producer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings: null, configureBuilder);

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureBuilder">Called before the producer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, WithoutServices(configureBuilder));

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureBuilder">Called before the producer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings: null, configureBuilder: null);

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, configureBuilder: null);

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureBuilder">Called before the producer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings: null, WithoutServices(configureBuilder));

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureBuilder">Called before the producer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings: null, configureBuilder);

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureBuilder">Called before the producer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, WithoutServices(configureBuilder));

    /// <summary>Registers an <see cref="IProducer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureBuilder">Called before the producer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? WithoutServices<TKey, TValue>(Action<ProducerBuilder<TKey, TValue>>? configure) =>
        configure is null ? null : (_, builder) => configure(builder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var settings = Read(builder.Configuration.GetSection(Section), name, builder.Configuration.GetConnectionString(name));
        configureSettings?.Invoke(settings);
        settings.Complete();

        // The container knows a null key as none.
        builder.Services.AddKeyedSingleton<IProducer<TKey, TValue>>(serviceKey, (services, _) => Build(services, name, settings, configureBuilder));
        KafkaRegistration.AddTelemetry(builder, settings.DisableMetrics, settings.DisableTracing);
        if (!settings.DisableHealthChecks)
        {
            KafkaRegistration.AddHealthCheck(builder, serviceKey is null ? "Aspire.Confluent.Kafka.Producer" : $"Aspire.Confluent.Kafka.Producer_{name}", settings.Config);
        }
    }

    private static KafkaProducerSettings Read(IConfigurationSection section, string name, string? connectionString)
    {
        var settings = new KafkaProducerSettings();
        foreach (var part in (IConfigurationSection[])[section, section.GetSection(name)])
        {
            part.Bind(settings);

            // A property without a setter is bound only where its own type says how.
            part.GetSection(nameof(settings.Config)).Bind(settings.Config);
        }

        settings.ConnectionString = connectionString ?? settings.ConnectionString;
        return settings;
    }

    private static IProducer<TKey, TValue> Build<TKey, TValue>(
        IServiceProvider services, string name, KafkaProducerSettings settings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configure)
    {
        settings.Validate(name);
        var builder = new ProducerBuilder<TKey, TValue>(settings.Config);
        configure?.Invoke(services, builder);
        var logs = new KafkaLogs(services);
        logs.TrySet("log", () => builder.SetLogHandler((_, line) => logs.Write(line)));
        if (!settings.DisableMetrics)
        {
            var statistics = services.GetRequiredService<KafkaStatistics>();
            logs.TrySet("statistics", () => builder.SetStatisticsHandler((_, json) => statistics.Take(json)));
        }

        var producer = builder.Build();
        return settings.DisableTracing ? producer : new TracedProducer<TKey, TValue>(producer);
    }
}
