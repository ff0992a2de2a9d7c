using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.RabbitMQ;

public sealed class RabbitMQTests
{
    [Fact]
    public async Task A_server_has_a_connection_string_that_every_client_understands()
    {
        var builder = Builder();
        var broker = Allocated(builder.AddRabbitMQ("broker"), 5673);

        Assert.Equal("amqp://guest:se%20cret%2F1@127.0.0.1:5673", await ((IResourceWithConnectionString)broker.Resource).GetConnectionStringAsync());
        Assert.Equal(
            "amqp://guest:{broker-password-uri-encoded.value}@{broker.bindings.tcp.host}:{broker.bindings.tcp.port}",
            (string?)(await PublishedManifest.OfAsync(publishing => publishing.AddRabbitMQ("broker")))["broker"]!["connectionString"]);
    }

    [Fact]
    public async Task A_user_name_may_be_given_too()
    {
        var builder = Builder();
        var broker = Allocated(builder.AddRabbitMQ("broker", userName: builder.AddParameter("user", "an admin")), 5673);

        Assert.Equal("amqp://an%20admin:se%20cret%2F1@127.0.0.1:5673", await broker.Resource.UriExpression.GetValueAsync(CancellationToken.None));
        var properties = ((IResourceWithConnectionString)broker.Resource).GetConnectionProperties().ToDictionary();
        Assert.Equal(["Host", "Port", "Username", "Password", "Uri"], properties.Keys);
        Assert.Equal("an admin", await properties["Username"].GetValueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Published_it_is_a_container_with_the_generated_password()
    {
        var resources = await PublishedManifest.OfAsync(builder => builder.AddRabbitMQ("broker").WithDataVolume("queues"));
        var broker = resources["broker"]!;

        Assert.Equal("container.v0", (string?)broker["type"]);
        Assert.Equal("docker.io/library/rabbitmq:4.3", (string?)broker["image"]);
        Assert.Equal("""[{"name":"queues","target":"/var/lib/rabbitmq","readOnly":false}]""", PublishedManifest.Text(broker["volumes"]));
        Assert.Equal("""{"RABBITMQ_DEFAULT_USER":"guest","RABBITMQ_DEFAULT_PASS":"{broker-password.value}"}""", PublishedManifest.Text(broker["env"]));
    }

    [Theory]
    [InlineData(null, "4.3-management")]
    [InlineData("3", "3-management")]
    [InlineData("3.12.1", "3.12.1-management")]
    [InlineData("3-management", "3-management")]
    [InlineData("alpine", "management-alpine")]
    [InlineData("3.12-alpine", "3.12-management-alpine")]
    [InlineData("3.12-management-alpine", "3.12-management-alpine")]
    public void The_management_pages_come_with_another_image(string? tag, string expected)
    {
        var broker = Builder().AddRabbitMQ("broker");
        if (tag is not null)
        {
            broker.WithImageTag(tag);
        }

        broker.WithManagementPlugin(15673);

        Assert.Equal(expected, broker.Resource.Annotations.OfType<ContainerImageAnnotation>().Single().Tag);
        Assert.Equal((15673, 15672, "http"), Endpoint(broker, "management"));
    }

    [Theory]
    [InlineData("library/rabbitmq", "latest")]
    [InlineData("library/rabbitmq", "3.")]
    [InlineData("library/rabbitmq", ".3")]
    [InlineData("library/rabbitmq", "not-alpine-at-all")]
    [InlineData("mine/rabbitmq", "3")]
    public void Of_an_image_that_is_not_known_no_variant_is_guessed(string image, string tag)
    {
        var broker = Builder().AddRabbitMQ("broker").WithImage(image, tag);

        var refusal = Assert.Throws<DistributedApplicationException>(() => broker.WithManagementPlugin());

        Assert.Contains($"'broker'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{image}:{tag}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_unhealthy_while_nothing_answers_and_says_why()
    {
        var builder = Builder();
        var broker = Allocated(builder.AddRabbitMQ("broker"), ClosedPort.Get());
        await using var app = builder.Build();

        await builder.Eventing.PublishAsync(new ConnectionStringAvailableEvent(broker.Resource, app.Services));
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["broker_check"].Status);
        Assert.Contains("refused", report.Entries["broker_check"].Description, StringComparison.OrdinalIgnoreCase);
    }

    private static IDistributedApplicationBuilder Builder()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        builder.Configuration["Parameters:broker-password"] = "se cret/1";
        return builder;
    }

    private static IResourceBuilder<RabbitMQServerResource> Allocated(IResourceBuilder<RabbitMQServerResource> broker, int port)
    {
        var endpoint = broker.Resource.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "tcp");
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", port);
        return broker;
    }

    private static (int? Port, int? TargetPort, string Scheme) Endpoint(IResourceBuilder<RabbitMQServerResource> broker, string name)
    {
        var endpoint = broker.Resource.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == name);
        return (endpoint.Port, endpoint.TargetPort, endpoint.UriScheme);
    }
}
