using System.Net.Http.Headers;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Trellis.Hosting.Processes.Tests;

public sealed class RabbitMQAsProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RabbitMQFact]
    public async Task Becomes_healthy_lets_in_only_who_knows_the_password_and_leaves_nothing_behind()
    {
        var builder = RunningApp.Builder(_folder, ("Parameters:broker-password", "secret"));
        var broker = builder.AddRabbitMQ("broker").WithManagementPlugin().RunAsProcess();
        await using (var app = RunningApp.Start(builder, broker.Resource))
        {
            await app.HealthyAsync("broker");

            var uri = new Uri((await ((IResourceWithConnectionString)broker.Resource).GetConnectionStringAsync())!);
            Assert.StartsWith("amqp://guest:secret@127.0.0.1:", uri.ToString(), StringComparison.Ordinal);
            await using (var connection = await ConnectAsync(uri))
            {
                Assert.True(connection.IsOpen);
            }

            await Assert.ThrowsAsync<BrokerUnreachableException>(() => ConnectAsync(new UriBuilder(uri) { Password = "guessed" }.Uri));
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("guest:secret")));
            Assert.Contains("rabbitmq_version", await http.GetStringAsync($"{broker.Resource.ManagementEndpoint.Url}/api/overview"), StringComparison.Ordinal);
            Assert.DoesNotContain(SystemProcess.Of(_folder.Path), process => process.CommandLine.Contains("secret", StringComparison.Ordinal));
            Assert.Contains(SystemProcess.Of("epmd -port"), process => process.CommandLine.Contains("-address 127.0.0.1", StringComparison.Ordinal));
        }

        Assert.Empty(SystemProcess.Of(_folder.Path));
    }

    [RabbitMQFact]
    public async Task Keeps_what_it_confirmed_though_it_was_killed_and_the_password_is_another()
    {
        await RunAsync("first", async (channel, app) =>
        {
            await channel.QueueDeclareAsync("orders", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });

            // RabbitMQ 3.10 writes down only every half second which quorum queues there are; one that is younger is without a leader after a kill.
            await Task.Delay(TimeSpan.FromSeconds(2));
            for (var message = 0; message < 100; message++)
            {
                await channel.BasicPublishAsync("", "orders", mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes($"{message}"));
            }

            foreach (var server in SystemProcess.Of(_folder.Path).Where(process => process.CommandLine.Contains("beam.smp", StringComparison.Ordinal)))
            {
                SystemProcess.Signal(server.Id, "KILL");
            }

            await app.StateAsync("broker", snapshot => KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text ?? ""));
        });
        await RunAsync("second", async (channel, _) =>
        {
            // A queue takes a moment to find its leader again.
            await Eventually.TrueAsync(async () => (await channel.QueueDeclarePassiveAsync("orders")).MessageCount == 100, "All messages were there");
            for (var message = 0; message < 100; message++)
            {
                Assert.Equal($"{message}", Encoding.UTF8.GetString((await channel.BasicGetAsync("orders", autoAck: true))!.Body.Span));
            }
        });

        async Task RunAsync(string password, Func<IChannel, RunningApp, Task> use)
        {
            var builder = RunningApp.Builder(_folder, ("Parameters:broker-password", password));
            var broker = builder.AddRabbitMQ("broker").WithDataVolume().RunAsProcess();
            await using var app = RunningApp.Start(builder, broker.Resource);
            await app.HealthyAsync("broker");
            await using var connection = await ConnectAsync(new Uri((await ((IResourceWithConnectionString)broker.Resource).GetConnectionStringAsync())!));
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
            await use(channel, app);
        }
    }

    [RabbitMQFact]
    public async Task Ends_with_its_port_mapper_when_the_launcher_is_killed()
    {
        var ports = Enumerable.Range(0, 3).Select(_ => $"{FreePort.Next()}").ToArray();
        using var launcher = new LauncherProcess("run-rabbitmq.sh",
        [
            "--server", RabbitMQFactAttribute.Server, "--node", "killed", "--data", _folder["data"],
            "--port", ports[0], "--epmd-port", ports[1], "--distribution-port", ports[2],
        ]);
        await SystemProcess.FoundAsync(process => process.CommandLine.Contains("beam.smp", StringComparison.Ordinal), _folder.Path);
        await SystemProcess.FoundAsync(process => process.CommandLine.StartsWith("epmd", StringComparison.Ordinal), $"epmd -port {ports[1]}");

        SystemProcess.Signal(launcher.Id, "KILL");

        await Eventually.TrueAsync(() => SystemProcess.Of($"epmd -port {ports[1]}").Length == 0, "The port mapper was still there");
        await Eventually.TrueAsync(() => SystemProcess.Of(_folder.Path).Length == 0, "The server was still there");
    }

    [Fact]
    public async Task Without_a_server_the_log_names_the_package_to_install()
    {
        var builder = RunningApp.Builder(_folder, ("Processes:RabbitMQ:ServerPath", "/nowhere/rabbitmq-server"));
        var broker = builder.AddRabbitMQ("broker").RunAsProcess();
        Assert.False(builder.HasRabbitMQServer());
        await using var app = RunningApp.Start(builder, broker.Resource);

        await app.LogsAsync("The setting Processes:RabbitMQ:ServerPath names /nowhere/rabbitmq-server, which does not exist.");
    }

    [Fact]
    public void Published_it_is_the_container_that_it_was()
    {
        var builder = DistributedApplication.CreateBuilder(["--operation", "publish", "--publisher", "manifest"]);

        var broker = builder.AddRabbitMQ("broker").RunAsProcess();

        Assert.Equal(["broker"], builder.Resources.Select(resource => resource.Name));
        Assert.Equal("library/rabbitmq", Assert.Single(broker.Resource.Annotations.OfType<ContainerImageAnnotation>()).Image);
    }

    private static Task<IConnection> ConnectAsync(Uri uri) =>
        new ConnectionFactory { Uri = uri, AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = TimeSpan.FromSeconds(20) }.CreateConnectionAsync();
}
