using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a Kafka consumer, with a health check, metrics and traces.</summary>
public static class AspireKafkaConsumerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Consumer";

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings: null, configureBuilder: null);

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, configureBuilder: null);

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureBuilder">Called before the consumer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings: null, WithoutServices(configureBuilder));

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureBuilder">Called before the consumer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings: null, configureBuilder);

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureBuilder">Called before the consumer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, WithoutServices(configureBuilder));

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureBuilder">Called before the consumer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings: null, configureBuilder: null);

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaConsumerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, configureBuilder: null);

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureBuilder">Called before the consumer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings: null, WithoutServices(configureBuilder));

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureBuilder">Called before the consumer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings: null, configureBuilder);

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureBuilder">Called before the consumer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaConsumerSettings>? configureSettings, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, WithoutServices(configureBuilder));

    /// <summary>Registers an <see cref="IConsumer{TKey, TValue}"/> singleton under a key.</summary>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="name">The key, the name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureBuilder">Called before the consumer is built: serializers and handlers.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaConsumerSettings>? configureSettings, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? WithoutServices<TKey, TValue>(Action<ConsumerBuilder<TKey, TValue>>? configure) =>
        configure is null ? null : (_, builder) => configure(builder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var settings = Read(builder.Configuration.GetSection(Section), name, builder.Configuration.GetConnectionString(name));
        configureSettings?.Invoke(settings);
        settings.Complete();

        // The container knows a null key as none.
        builder.Services.AddKeyedSingleton<IConsumer<TKey, TValue>>(serviceKey, (services, _) => Build(services, name, settings, configureBuilder));
        KafkaRegistration.AddTelemetry(builder, settings.DisableMetrics, settings.DisableTracing);
        if (!settings.DisableHealthChecks)
        {
            KafkaRegistration.AddHealthCheck(builder, serviceKey is null ? "Aspire.Confluent.Kafka.Consumer" : $"Aspire.Confluent.Kafka.Consumer_{name}", settings.Config);
        }
    }

    private static KafkaConsumerSettings Read(IConfigurationSection section, string name, string? connectionString)
    {
        var settings = new KafkaConsumerSettings();
        foreach (var part in (IConfigurationSection[])[section, section.GetSection(name)])
        {
            part.Bind(settings);

            // A property without a setter is bound only where its own type says how.
            part.GetSection(nameof(settings.Config)).Bind(settings.Config);
        }

        settings.ConnectionString = connectionString ?? settings.ConnectionString;
        return settings;
    }

    private static IConsumer<TKey, TValue> Build<TKey, TValue>(
        IServiceProvider services, string name, KafkaConsumerSettings settings, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configure)
    {
        settings.Validate(name);
        var builder = new ConsumerBuilder<TKey, TValue>(settings.Config);
        configure?.Invoke(services, builder);
        var logs = new KafkaLogs(services);
        logs.TrySet("log", () => builder.SetLogHandler((_, line) => logs.Write(line)));
        if (!settings.DisableMetrics)
        {
            var statistics = services.GetRequiredService<KafkaStatistics>();
            logs.TrySet("statistics", () => builder.SetStatisticsHandler((_, json) => statistics.Take(json)));
        }

        var consumer = builder.Build();
        return settings.DisableTracing ? consumer : new TracedConsumer<TKey, TValue>(consumer, settings.Config.GroupId);
    }
}
