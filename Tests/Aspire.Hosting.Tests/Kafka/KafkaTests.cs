using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.Kafka;

public sealed class KafkaTests
{
    [Fact]
    public async Task A_brokers_connection_string_is_where_processes_of_this_machine_reach_it()
    {
        var stream = Allocated(Builder().AddKafka("stream"), 29092);

        Assert.Equal("127.0.0.1:29092", await ((IResourceWithConnectionString)stream.Resource).GetConnectionStringAsync());
        var properties = ((IResourceWithConnectionString)stream.Resource).GetConnectionProperties().ToDictionary();
        Assert.Equal(["Host", "Port"], properties.Keys);
        Assert.Equal("29092", await properties["Port"].GetValueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Published_it_is_a_container_in_KRaft_mode_that_tells_each_client_its_own_address_as_in_Microsofts_package()
    {
        var resources = await PublishedManifest.OfAsync(builder => builder.AddKafka("stream").WithDataVolume("events").WithKafkaUI());
        var stream = resources["stream"]!;

        Assert.Equal(["stream"], resources.Select(resource => resource.Key));
        Assert.Equal("container.v0", (string?)stream["type"]);
        Assert.Equal("{stream.bindings.tcp.host}:{stream.bindings.tcp.port}", (string?)stream["connectionString"]);
        Assert.Equal("docker.io/confluentinc/confluent-local:8.2.0", (string?)stream["image"]);
        Assert.Equal("""[{"name":"events","target":"/var/lib/kafka/data","readOnly":false}]""", PublishedManifest.Text(stream["volumes"]));
        Assert.Equal("/var/lib/kafka/data", (string?)stream["env"]!["KAFKA_LOG_DIRS"]);
        Assert.Equal(
            "PLAINTEXT://{stream.bindings.tcp.host}:29092,PLAINTEXT_HOST://{stream.bindings.tcp.host}:{stream.bindings.tcp.port},"
                + "PLAINTEXT_INTERNAL://{stream.bindings.internal.host}:{stream.bindings.internal.port}",
            (string?)stream["env"]!["KAFKA_ADVERTISED_LISTENERS"]);
        Assert.Equal(
            "PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:9092,PLAINTEXT_INTERNAL://0.0.0.0:9093", (string?)stream["env"]!["KAFKA_LISTENERS"]);
        Assert.Equal([9092, 9093], stream["bindings"]!.AsObject().Select(binding => (int)binding.Value!["targetPort"]!));
    }

    [Fact]
    public async Task A_folder_of_this_machine_may_hold_its_data()
    {
        var resources = await PublishedManifest.OfAsync(builder => builder.AddKafka("stream").WithDataBindMount("events", isReadOnly: true));

        var mount = resources["stream"]!["bindMounts"]![0]!;
        Assert.Equal(("/var/lib/kafka/data", true), ((string?)mount["target"], (bool)mount["readOnly"]!));
        Assert.Equal("/var/lib/kafka/data", (string?)resources["stream"]!["env"]!["KAFKA_LOG_DIRS"]);
    }

    [Fact]
    public async Task One_container_of_web_pages_shows_every_broker_also_those_that_are_added_later()
    {
        var builder = Builder();
        var first = builder.AddKafka("stream").WithKafkaUI(pages => pages.WithHostPort(8085), "pages");
        builder.AddKafka("other").WithKafkaUI(pages => pages.WithImageTag("mine"));
        builder.AddKafka("late");

        var ui = Assert.Single(builder.Resources.OfType<KafkaUIContainerResource>());

        Assert.Equal("pages", ui.Name);
        Assert.Equal("kafbat/kafka-ui:mine", $"{ui.Annotations.OfType<ContainerImageAnnotation>().Single().Image}:{ui.Annotations.OfType<ContainerImageAnnotation>().Single().Tag}");
        var endpoint = ui.Annotations.OfType<EndpointAnnotation>().Single();
        Assert.Equal((8085, 8080), (endpoint.Port, endpoint.TargetPort));
        Dictionary<string, object> environment = [];
        foreach (var callback in ui.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await callback.Callback(new EnvironmentCallbackContext(builder.ExecutionContext, ui, environment));
        }

        Assert.Equal(["stream", "other", "late"], Enumerable.Range(0, 3).Select(number => environment[$"KAFKA_CLUSTERS_{number}_NAME"]));
        Assert.Equal(
            "stream:{stream.bindings.internal.targetPort}", ((ReferenceExpression)environment["KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS"]).ValueExpression);
        Assert.Same(first.Resource, builder.Resources.First(resource => resource.Name == "stream"));
    }

    [Fact]
    public async Task Is_unhealthy_while_nothing_answers_and_says_why()
    {
        var builder = Builder();
        var stream = Allocated(builder.AddKafka("stream"), ClosedPort.Get());
        await using var app = builder.Build();

        await builder.Eventing.PublishAsync(new ConnectionStringAvailableEvent(stream.Resource, app.Services));
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["stream_check"].Status);
        Assert.Contains("transport failure", report.Entries["stream_check"].Description, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_name_is_needed_and_a_folder() =>
        Assert.Multiple(
            () => Assert.Throws<ArgumentException>(() => Builder().AddKafka("")),
            () => Assert.Throws<ArgumentException>(() => Builder().AddKafka("stream").WithDataBindMount("")));

    private static IDistributedApplicationBuilder Builder() =>
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });

    private static IResourceBuilder<KafkaServerResource> Allocated(IResourceBuilder<KafkaServerResource> stream, int port)
    {
        var endpoint = stream.Resource.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "tcp");
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", port);
        return stream;
    }
}
