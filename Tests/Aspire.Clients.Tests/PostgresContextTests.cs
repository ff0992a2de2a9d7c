using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql.EntityFrameworkCore.PostgreSQL;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Trellis.Tests;

namespace Aspire.Clients.Tests;

public sealed class PostgresContextTests : IAsyncLifetime
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    private PostgresServer _postgres = null!;

    public async Task InitializeAsync() => _postgres = await PostgresServer.StartAsync();

    public async Task DisposeAsync() => await _postgres.DisposeAsync();

    [Fact]
    public async Task The_context_reaches_the_database_of_its_connection_string_and_repeats_failed_commands()
    {
        using var host = Build(builder => builder.AddNpgsqlDbContext<ShelfContext>("shelf"), ("ConnectionStrings:shelf", _postgres.ConnectionString("postgres")));
        using var scope = host.Services.CreateScope();
        var context = scope.ServiceProvider.GetRequiredService<ShelfContext>();

        Assert.Equal("postgres", (await context.Database.SqlQuery<string>($"SELECT current_database()::text AS \"Value\"").ToListAsync())[0]);
        Assert.IsType<NpgsqlRetryingExecutionStrategy>(context.Database.CreateExecutionStrategy());
    }

    [Fact]
    public void A_missing_connection_string_is_named_by_every_key_that_would_give_it()
    {
        using var host = Build(builder => builder.AddNpgsqlDbContext<ShelfContext>("shelf"));
        using var scope = host.Services.CreateScope();

        var failure = Assert.Throws<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<ShelfContext>());

        Assert.Contains("ConnectionStrings:shelf", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{Section}:ShelfContext", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_come_from_the_section_then_the_connection_then_the_context_then_code()
    {
        Assert.Equal(11, Timeout((Section, "11")));
        Assert.Equal(12, Timeout((Section, "11"), ($"{Section}:shelf", "12")));
        Assert.Equal(13, Timeout((Section, "11"), ($"{Section}:shelf", "12"), ($"{Section}:ShelfContext", "13")));

        static int? Timeout(params (string Section, string Value)[] settings)
        {
            using var host = Build(
                builder => builder.AddNpgsqlDbContext<ShelfContext>("shelf"),
                [("ConnectionStrings:shelf", "Host=nowhere"), .. settings.Select(setting => ($"{setting.Section}:CommandTimeout", setting.Value))]);
            using var scope = host.Services.CreateScope();
            return scope.ServiceProvider.GetRequiredService<ShelfContext>().Database.GetCommandTimeout();
        }
    }

    [Fact]
    public void Code_has_the_last_word()
    {
        using var host = Build(
            builder => builder.AddNpgsqlDbContext<ShelfContext>("shelf", settings =>
            {
                settings.DisableRetry = true;
                settings.CommandTimeout = 14;
                settings.ConnectionString = "Host=elsewhere";
            }),
            ("ConnectionStrings:shelf", "Host=nowhere"), ($"{Section}:CommandTimeout", "11"));
        using var scope = host.Services.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<ShelfContext>().Database;

        Assert.Equal("Host=elsewhere", database.GetConnectionString());
        Assert.Equal(14, database.GetCommandTimeout());
        Assert.False(database.CreateExecutionStrategy().RetriesOnFailure);
    }

    [Fact]
    public async Task The_health_check_bears_the_context_s_name_and_follows_the_server()
    {
        using var host = Build(builder => builder.AddNpgsqlDbContext<ShelfContext>("shelf"), ("ConnectionStrings:shelf", _postgres.ConnectionString("postgres")));
        var health = host.Services.GetRequiredService<HealthCheckService>();

        var report = await health.CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Entries["ShelfContext"].Status);

        await _postgres.KillAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);
    }

    [Fact]
    public void Health_checks_can_be_left_out()
    {
        using var host = Build(
            builder =>
            {
                builder.AddNpgsqlDbContext<ShelfContext>("shelf");
                builder.Services.AddHealthChecks();
            },
            ("ConnectionStrings:shelf", "Host=nowhere"), ($"{Section}:DisableHealthChecks", "true"));

        Assert.Null(host.Services.GetService<Microsoft.Extensions.Options.IOptions<HealthCheckServiceOptions>>()?.Value.Registrations.SingleOrDefault());
    }

    [Fact]
    public async Task Commands_make_spans_and_measurements_until_they_are_switched_off()
    {
        Assert.NotEmpty((await TelemetryAsync()).Spans);
        Assert.NotEmpty((await TelemetryAsync()).Meters);
        Assert.Empty((await TelemetryAsync(($"{Section}:DisableTracing", "true"))).Spans);
        Assert.Empty((await TelemetryAsync(($"{Section}:DisableMetrics", "true"))).Meters);
    }

    [Fact]
    public void Enriching_adds_retries_and_a_health_check_to_a_context_of_one_s_own()
    {
        using var host = Build(builder =>
        {
            builder.Services.AddDbContextPool<ShelfContext>(options => options.UseNpgsql("Host=nowhere"));
            builder.EnrichNpgsqlDbContext<ShelfContext>(settings => settings.CommandTimeout = 15);
        });
        using var scope = host.Services.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<ShelfContext>().Database;

        Assert.True(database.CreateExecutionStrategy().RetriesOnFailure);
        Assert.Equal(15, database.GetCommandTimeout());
    }

    [Fact]
    public void Enriching_a_context_nobody_registered_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Build(builder => builder.EnrichNpgsqlDbContext<ShelfContext>()));
    }

    [Fact]
    public void Enriching_with_another_command_timeout_than_the_context_s_is_refused()
    {
        using var host = Build(builder =>
        {
            builder.Services.AddDbContext<ShelfContext>(options => options.UseNpgsql("Host=nowhere", npgsql => npgsql.CommandTimeout(1)));
            builder.EnrichNpgsqlDbContext<ShelfContext>(settings => settings.CommandTimeout = 2);
        });
        using var scope = host.Services.CreateScope();

        Assert.Throws<InvalidOperationException>(() => scope.ServiceProvider.GetRequiredService<ShelfContext>());
    }

    private static IHost Build(Action<HostApplicationBuilder> add, params (string Key, string Value)[] settings) => TestHost.Build(add, settings);

    private async Task<(List<Activity> Spans, List<string> Meters)> TelemetryAsync(params (string Key, string Value)[] settings)
    {
        var spans = new ConcurrentQueue<Activity>();
        var names = new ConcurrentQueue<string>();
        using var host = Build(
            builder =>
            {
                builder.AddNpgsqlDbContext<ShelfContext>("shelf");
                builder.Services.AddOpenTelemetry()
                    .WithTracing(tracing => tracing.AddProcessor(new SimpleActivityExportProcessor(new Collector<Activity>(spans.Enqueue))))
                    .WithMetrics(metrics => metrics.AddReader(new BaseExportingMetricReader(new Collector<Metric>(metric => names.Enqueue(metric.MeterName)))));
            },
            [("ConnectionStrings:shelf", _postgres.ConnectionString("postgres")), .. settings]);
        await host.StartAsync();
        using (var scope = host.Services.CreateScope())
        {
            await scope.ServiceProvider.GetRequiredService<ShelfContext>().Database.ExecuteSqlAsync($"SELECT 1");
        }

        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        host.Services.GetRequiredService<TracerProvider>().ForceFlush();
        await host.StopAsync();
        return ([.. spans], [.. names]);
    }
}
