using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Trellis.Messaging.Transport;
using Trellis.Messaging.Transport.RabbitMQ;

namespace Trellis.Messaging.Tests.Transport;

/// <summary>The RabbitMQ transport, on a virtual host of its own for each test.</summary>
public sealed class RabbitMQTransportTests(RabbitFixture rabbit) : TransportConformance, IClassFixture<RabbitFixture>, IAsyncLifetime
{
    private string _host = string.Empty;

    public async Task InitializeAsync()
    {
        _host = $"test-{Guid.NewGuid():N}";
        await rabbit.Server.ControlAsync("add_vhost", _host);
        await rabbit.Server.ControlAsync("set_permissions", "-p", _host, "guest", ".*", ".*", ".*");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    internal override Task<IMessageTransport> OpenAsync(Action<MessagingOptions>? configure = null)
    {
        var options = new MessagingOptions { PollInterval = TimeSpan.FromMilliseconds(200) };
        configure?.Invoke(options);
        return Task.FromResult<IMessageTransport>(new RabbitMQTransport(
            new RabbitConnections(rabbit.Server.ConnectionString(_host), "test", options.Lease), Options.Create(options), TimeProvider.System,
            NullLogger<RabbitMQTransport>.Instance));
    }

    internal override async Task KillMemberAsync(IMessageReceiver member) => await member.DisposeAsync();

    protected override async Task KillBrokerAsync()
    {
        // RabbitMQ 3.10 writes down only every half second which quorum queues there are; a younger one is without a leader after a kill.
        await Task.Delay(TimeSpan.FromSeconds(2));
        await rabbit.Server.KillAsync();
    }

    protected override Task RestartBrokerAsync() => rabbit.Server.RestartAsync();
}
