using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Trellis.Messaging;
using Trellis.Messaging.Contracts;
using Trellis.Messaging.Inbox;
using Trellis.Messaging.Outbox;
using Trellis.Messaging.Registration;
using Trellis.Messaging.Telemetry;
using Trellis.Messaging.Transport;
using Trellis.ServiceDefaults.Configuration;
using Trellis.ServiceDefaults.Health;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds messaging to a service.</summary>
public static class MessagingExtensions
{
    /// <summary>
    /// Adds <see cref="IMessagePublisher"/>, the relay of the outbox, the handlers and <see cref="IDeadLetters"/>, all on the service's own database. The
    /// context must be registered too, and its model must call <see cref="MessagingModelExtensions.AddMessaging"/>.
    /// </summary>
    /// <typeparam name="TContext">The service's DbContext, on Npgsql.</typeparam>
    /// <param name="builder">The host under construction.</param>
    /// <param name="configure">Names what the service publishes and handles.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">A message has no type, or two share one, or messaging was added before.</exception>
    public static IHostApplicationBuilder AddMessaging<TContext>(this IHostApplicationBuilder builder, Action<MessagingBuilder> configure)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        if (builder.Services.Any(service => service.ServiceType == typeof(MessageRegistry)))
        {
            throw new InvalidOperationException("AddMessaging was called before; a service has one outbox.");
        }

        var messaging = new MessagingBuilder(builder.Services);
        configure(messaging);
        ContractFiles.WriteIfAsked(builder.Environment.ApplicationName, messaging.Registry);

        builder.AddMessagingSettings(messaging);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<StartupGate>();
        builder.Services.AddSingleton(messaging.Registry);
        builder.Services.AddSingleton(services => new MessagingIdentity(
            $"/{builder.Environment.ApplicationName.ToLowerInvariant()}",
            services.GetRequiredService<IOptions<MessagingOptions>>().Value.Group ?? builder.Environment.ApplicationName.ToLowerInvariant()));
        builder.Services.AddSingleton(services => TransportFactory.Open(services, messaging.ConnectionName));

        // Hosted services are made before settings are checked.
        builder.Services.AddSingleton(services => new Lazy<IMessageTransport>(services.GetRequiredService<IMessageTransport>));
        builder.Services.AddHealthChecks().AddCheck<BrokerHealthCheck>(messaging.ConnectionName, HealthStatus.Degraded);
        builder.Services.AddSingleton<IDeadLetters, DeadLetters>();
        builder.Services.AddSingleton<IMessageReplay, MessageReplay>();
        builder.AddOutbox<TContext>();
        builder.AddInbox<TContext>();
        builder.AddMessagingTelemetry();
        return builder;
    }

    private static void AddMessagingSettings(this IHostApplicationBuilder builder, MessagingBuilder messaging)
    {
        builder.AddSettings<MessagingOptions>(MessagingOptions.Section);
        builder.RequireSetting(
            $"ConnectionStrings:{messaging.ConnectionName}", "must be the connection string of the broker: RabbitMQ, Kafka or a PostgreSQL database");
        builder.Services.AddSingleton<ISettingsRule>(services => ActivatorUtilities.CreateInstance<BrokerRule>(services, messaging.ConnectionName));
        builder.Services.AddSettingsValidation();
        if (messaging.Settings is { } settings)
        {
            builder.Services.Configure(settings);
        }
    }

    private static void AddOutbox<TContext>(this IHostApplicationBuilder builder)
        where TContext : DbContext
    {
        // One loop waits for commits: the relay, or where it is off, the one that wakes relays elsewhere.
        builder.Services.AddSingleton<OutboxWake>();
        builder.Services.AddSingleton<IOutboxSignal>(services => services.GetRequiredService<OutboxWake>());
        builder.Services.AddSingleton<OutboxOrder>();
        builder.Services.ConfigureDbContext<TContext>((services, options) => options.AddInterceptors(services.GetRequiredService<OutboxOrder>()));
        builder.Services.AddScoped<IMessagePublisher, OutboxPublisher<TContext>>();
        builder.Services.TryAddSingleton<IFaultPoints, NoFaultPoints>();
        builder.Services.AddHostedService<OutboxRelay<TContext>>();
        builder.Services.AddHostedService<OutboxNotifications<TContext>>();
    }

    private static void AddInbox<TContext>(this IHostApplicationBuilder builder)
        where TContext : DbContext
    {
        builder.Services.AddScoped<MessageScope>();
        builder.Services.AddSingleton<InboxTransaction<TContext>>();
        builder.Services.AddHostedService<InboxConsumer<TContext>>();
        builder.Services.AddHostedService<InboxRetention<TContext>>();
    }

    private static void AddMessagingTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<MessagingTelemetry>();
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(MessagingTelemetry.Name));
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(MessagingTelemetry.Name));
    }
}
