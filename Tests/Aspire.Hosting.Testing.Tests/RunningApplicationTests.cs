using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Trellis.Tests;

namespace Aspire.Hosting.Testing.Tests;

/// <summary>How a test reaches the resources of an application that it started, and how that ends.</summary>
public sealed class RunningApplicationTests
{
    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    [Fact]
    public async Task Two_runs_of_an_AppHost_live_side_by_side()
    {
        await using var first = await DescribeAsync();
        await using var second = await DescribeAsync();
        var applications = await Task.WhenAll(StartAsync(first), StartAsync(second));

        Assert.NotEqual(applications[0].GetEndpoint("gateway", "http"), applications[1].GetEndpoint("gateway", "http"));
        Assert.DoesNotContain(applications, application => application.GetEndpoint("gateway", "http").Port == 8080);
        foreach (var application in applications)
        {
            await application.ResourceNotifications.WaitForResourceHealthyAsync("gateway", Deadline);
            using var client = application.CreateHttpClient("gateway", "management");
            using var response = await client.GetAsync("/health");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        // The gateway alone: what this is about are the ports, and databases take their time.
        static async Task<IDistributedApplicationTestingBuilder> DescribeAsync()
        {
            var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>();
            foreach (var resource in builder.Resources.Where(resource => resource.Name != "gateway").ToArray())
            {
                builder.Resources.Remove(resource);
            }

            var gateway = builder.Resources.Single();
            foreach (var reference in gateway.Annotations.OfType<ResourceRelationshipAnnotation>().ToArray())
            {
                gateway.Annotations.Remove(reference);
            }

            builder.CreateResourceBuilder((ProjectResource)gateway).WithEnvironment(context =>
            {
                foreach (var name in context.EnvironmentVariables.Keys.Where(IsAddressOfAnother).ToArray())
                {
                    context.EnvironmentVariables.Remove(name);
                }
            });
            return builder;
        }

        static bool IsAddressOfAnother(string variable) =>
            variable.StartsWith("services__", StringComparison.Ordinal) || variable.EndsWith("_HTTP", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoints_and_connection_strings_are_found_by_name()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("web", "sleep", "/", "60").WithHttpEndpoint().WithHttpEndpoint(name: "admin");
        builder.AddExecutable("mute", "sleep", "/", "60");
        builder.AddParameter("word", "value");
        builder.AddResource(new Store("store"));
        var application = await StartAsync(builder);
        await application.ResourceNotifications.WaitForResourceAsync("web", KnownResourceStates.Running, Deadline);

        var endpoint = application.GetEndpoint("web");
        Assert.Equal("http", endpoint.Scheme);
        Assert.NotEqual(endpoint, application.GetEndpoint("web", "admin"));
        using var client = application.CreateHttpClient("web", "admin");
        Assert.Equal(application.GetEndpoint("web", "admin"), client.BaseAddress);
        Assert.Equal("Host=somewhere", await application.GetConnectionStringAsync("store"));

        Complains("nowhere", () => application.GetEndpoint("nowhere"));
        Complains("nowhere", () => application.CreateHttpClient("nowhere"));
        Complains("metrics", () => application.GetEndpoint("web", "metrics"));
        Complains("mute", () => application.GetEndpoint("mute"));
        Complains("word", () => application.GetEndpoint("word"));
        Complains("nowhere", () => application.GetConnectionStringAsync("nowhere").AsTask().GetAwaiter().GetResult());
        Complains("web", () => application.GetConnectionStringAsync("web").AsTask().GetAwaiter().GetResult());

        static void Complains(string about, Func<object?> ask)
            => Assert.Contains(about, Assert.Throws<ArgumentException>(ask).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_that_was_not_started_has_no_endpoints_yet()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("web", "sleep", "/", "60").WithHttpEndpoint();
        var application = await builder.BuildAsync();

        Assert.Throws<InvalidOperationException>(() => application.GetEndpoint("web"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposed_without_being_stopped_it_ends_every_process(bool disposeTheBuilder)
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("parent", "sh", "/", "-c", "sleep 61 & sleep 61");
        var application = await StartAsync(builder);
        var change = await application.ResourceNotifications.WaitForResourceAsync(
            "parent", update => update.Snapshot.State?.Text == KnownResourceStates.Running, Deadline);
        var pid = Convert.ToInt32(change.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value);
        int[] family = [];
        await Eventually.TrueAsync(
            () =>
            {
                family = [pid, .. ProcessTable.Read().Descendants(pid)];
                return Task.FromResult(family.Length >= 3);
            },
            "The processes were not there");

        if (disposeTheBuilder)
        {
            await builder.DisposeAsync();
        }
        else
        {
            await application.DisposeAsync();
        }

        await Eventually.TrueAsync(
            () => Task.FromResult(!family.Any(ProcessTable.Read().Runs)),
            "Processes were left");
    }

    [Fact]
    public async Task The_logs_of_resources_are_written_to_the_log_of_the_AppHost()
    {
        var log = new RecordedLog();
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.Services.AddLogging(logging => logging.AddProvider(log));
        builder.AddExecutable("speaker", "sh", "/", "-c", "echo said; echo complained >&2; exec sleep 60");

        await StartAsync(builder);

        var category = $"{builder.Environment.ApplicationName}.Resources.speaker";
        await Eventually.TrueAsync(
            () => Task.FromResult(
                log.Lines.Any(line => line.Category == category && line.Level == LogLevel.Information && line.Text.EndsWith("said", StringComparison.Ordinal))
                && log.Lines.Any(line => line.Category == category && line.Level == LogLevel.Error && line.Text.EndsWith("complained", StringComparison.Ordinal))),
            "The lines did not arrive");
    }

    [Fact]
    public async Task An_exporter_knows_its_service_and_instance_also_where_there_is_no_dashboard_as_in_Microsofts_package()
    {
        var log = new RecordedLog();
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.Services.AddLogging(logging => logging.AddProvider(log));
        builder.AddExecutable("sender", "sh", "/", "-c", "env | grep OTEL_ | sort; echo that is all; exec sleep 60").WithOtlpExporter(OtlpProtocol.HttpProtobuf);

        await StartAsync(builder);

        await Eventually.TrueAsync(() => log.Lines.Any(line => line.Text.EndsWith("that is all", StringComparison.Ordinal)), "The lines did not arrive");
        var lines = log.Lines.Select(line => line.Text).ToArray();
        Assert.Contains(lines, line => line.EndsWith("OTEL_SERVICE_NAME=sender", StringComparison.Ordinal));
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, "OTEL_RESOURCE_ATTRIBUTES=service.instance.id=[a-z0-9-]+$"));
        Assert.DoesNotContain(lines, line => line.Contains("OTEL_EXPORTER_OTLP_ENDPOINT", StringComparison.Ordinal));
        Assert.Equal(OtlpProtocol.HttpProtobuf, builder.Resources.Single().Annotations.OfType<OtlpExporterAnnotation>().Single().RequiredProtocol);
    }

    private static async Task<DistributedApplication> StartAsync(IDistributedApplicationTestingBuilder builder)
    {
        var application = await builder.BuildAsync(Deadline);
        await application.StartAsync(Deadline);
        return application;
    }

    private sealed class Store(string name) : Resource(name), IResourceWithConnectionString
    {
        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"Host=somewhere");
    }

    private sealed class RecordedLog : ILoggerProvider
    {
        private readonly ConcurrentQueue<(string Category, LogLevel Level, string Text)> _lines = [];

        public IEnumerable<(string Category, LogLevel Level, string Text)> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(RecordedLog log, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
                => log._lines.Enqueue((category, logLevel, formatter(state, exception)));
        }
    }
}
