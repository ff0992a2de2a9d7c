using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;
using Npgsql.EntityFrameworkCore.PostgreSQL.Storage.Internal;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects an Entity Framework Core context to PostgreSQL, with retries, a health check, traces and metrics.</summary>
public static partial class AspireEFPostgreSqlExtensions
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    /// <summary>Registers a pooled <typeparamref name="TContext"/> on the database the connection name stands for.</summary>
    /// <typeparam name="TContext">The context.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>, and of an optional subsection of the settings.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <param name="configureDbContextOptions">Called after the options are set; wins over them.</param>
    /// <exception cref="ArgumentException">A name is missing.</exception>
    /// <exception cref="InvalidOperationException">
    /// In Development: the context is registered already. When the context is first asked for: there is no connection string.
    /// </exception>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        if (builder.Environment.IsDevelopment() && IsRegistered<TContext>(builder))
        {
            throw new InvalidOperationException(
                $"{typeof(TContext).Name} is registered already. Leave AddDbContext out, or call {nameof(EnrichNpgsqlDbContext)} "
                + $"instead of {nameof(AddNpgsqlDbContext)}.");
        }

        var settings = ReadSettings<TContext>(builder, connectionName);

        // An empty value counts as given: it hides the one from the section, as it does in the original.
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddDbContextPool<TContext>(options =>
        {
            // Only here, when a context is asked for: by then a logger exists that can say it.
            RequireConnectionString<TContext>(settings, connectionName);
            options.UseNpgsql(settings.ConnectionString, npgsql =>
            {
                if (!settings.DisableRetry)
                {
                    npgsql.EnableRetryOnFailure();
                }

                if (settings.CommandTimeout is { } seconds)
                {
                    npgsql.CommandTimeout(seconds);
                }
            });
            configureDbContextOptions?.Invoke(options);
        });

        AddHealthAndTelemetry<TContext>(builder, settings);
    }

    /// <summary>Adds retries, a health check, traces and metrics to a <typeparamref name="TContext"/> that is registered already.</summary>
    /// <typeparam name="TContext">The context.</typeparam>
    /// <param name="builder">The application's builder; settings are read from its configuration now.</param>
    /// <param name="configureSettings">Called after the configuration is read; wins over it.</param>
    /// <exception cref="InvalidOperationException">
    /// The context is not registered; or, when its options are built, they name another execution strategy or command timeout.
    /// </exception>
    public static void EnrichNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);

        var settings = ReadSettings<TContext>(builder, connectionName: null);
        configureSettings?.Invoke(settings);

        if (!settings.DisableRetry || settings.CommandTimeout is not null)
        {
            if (!IsRegistered<TContext>(builder))
            {
                throw new InvalidOperationException(
                    $"{typeof(TContext).Name} is not registered. Register it before the call to {nameof(EnrichNpgsqlDbContext)}.");
            }

            builder.Services.ConfigureDbContext<TContext>(options => Enrich<TContext>(options, settings));
        }

        AddHealthAndTelemetry<TContext>(builder, settings);
    }

    private static void Enrich<TContext>(DbContextOptionsBuilder options, NpgsqlEntityFrameworkCorePostgreSQLSettings settings)
        where TContext : DbContext => options.UseNpgsql(npgsql =>
    {
        // What the author chose is only readable on the provider's own options extension.
#pragma warning disable EF1001
        var chosen = options.Options.FindExtension<NpgsqlOptionsExtension>();
        if (!settings.DisableRetry)
        {
            var strategy = chosen?.ExecutionStrategyFactory?.Invoke(new ExecutionStrategyDependencies(null!, options.Options, null!));
            if (strategy is null || strategy.GetType() == typeof(NpgsqlExecutionStrategy))
            {
                npgsql.EnableRetryOnFailure();
            }
            else if (strategy is not NpgsqlRetryingExecutionStrategy)
            {
                throw new InvalidOperationException(
                    $"{typeof(TContext).Name} has an execution strategy of its own: set "
                    + $"{nameof(NpgsqlEntityFrameworkCorePostgreSQLSettings)}.{nameof(settings.DisableRetry)} to keep it.");
            }
        }

        if (settings.CommandTimeout is { } seconds)
        {
            if (chosen?.CommandTimeout is { } already && already != seconds)
            {
                throw new InvalidOperationException(
                    $"Two values for CommandTimeout: {seconds} s in {nameof(NpgsqlEntityFrameworkCorePostgreSQLSettings)}, "
                    + $"{already} s in DbContextOptions<{typeof(TContext).Name}>.");
            }

            npgsql.CommandTimeout(seconds);
        }
#pragma warning restore EF1001
    });

    private static NpgsqlEntityFrameworkCorePostgreSQLSettings ReadSettings<TContext>(IHostApplicationBuilder builder, string? connectionName)
    {
        var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
        var section = builder.Configuration.GetSection(Section);
        section.Bind(settings);
        if (connectionName is not null)
        {
            section.GetSection(connectionName).Bind(settings);
        }

        section.GetSection(typeof(TContext).Name).Bind(settings);
        return settings;
    }

    private static void RequireConnectionString<TContext>(NpgsqlEntityFrameworkCorePostgreSQLSettings settings, string connectionName)
    {
        // The Entity Framework tools build the model without a database.
        if (string.IsNullOrWhiteSpace(settings.ConnectionString) && !EF.IsDesignTime)
        {
            throw new InvalidOperationException(
                $"No connection string: set 'ConnectionStrings:{connectionName}', or 'ConnectionString' in the configuration section "
                + $"'{Section}' or '{Section}:{typeof(TContext).Name}'.");
        }
    }

    private static bool IsRegistered<TContext>(IHostApplicationBuilder builder)
        where TContext : DbContext =>
        builder.Services.Any(service => service.ServiceType == typeof(DbContextOptions<TContext>));

    private static void AddHealthAndTelemetry<TContext>(IHostApplicationBuilder builder, NpgsqlEntityFrameworkCorePostgreSQLSettings settings)
        where TContext : DbContext
    {
        var name = typeof(TContext).Name;
        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
        {
            builder.Services.AddHealthChecks().AddCheck<DbContextHealthCheck<TContext>>(name);
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddNpgsql());
        }

        if (!settings.DisableMetrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddNpgsqlInstrumentation());
        }
    }
}
