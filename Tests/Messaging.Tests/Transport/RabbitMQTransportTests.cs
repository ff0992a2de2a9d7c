using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using Trellis.Messaging.Transport;
using Trellis.Messaging.Transport.RabbitMQ;

namespace Trellis.Messaging.Tests.Transport;

/// <summary>The RabbitMQ transport, on a virtual host of its own for each test.</summary>
[NeedsRabbitMQ]
public sealed class RabbitMQTransportTests(RabbitFixture rabbit) : TransportConformance, IClassFixture<RabbitFixture>, IAsyncLifetime
{
    private const string Type = "shop.x.v1";

    private string _host = string.Empty;

    public async Task InitializeAsync()
    {
        _host = $"test-{Guid.NewGuid():N}";
        await InitializeHostAsync();
    }

    // A server with many virtual hosts takes long to start.
    public Task DisposeAsync() => _host.Length == 0 ? Task.CompletedTask : rabbit.Server.ControlAsync("delete_vhost", _host);

    [BrokerFact]
    public async Task Keys_keep_their_order_while_members_come_and_go()
    {
        const int Keys = 12, PerKey = 60;
        var transport = (RabbitMQTransport)await OpenAsync(options => options.PollInterval = TimeSpan.FromMilliseconds(100));
        await using var disposal = transport;
        await (await transport.SubscribeAsync("a", [Type], default)).DisposeAsync();
        var handled = new Handled(Keys * PerKey);
        var members = Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
        {
            // Each but the first leaves several times, and not all at once.
            for (var stay = 1; !handled.IsDone; stay++)
            {
                await using var member = await transport.SubscribeAsync("a", [Type], default);
                await handled.ReceiveAsync(member, number == 0 ? int.MaxValue : 20 * (stay + number));
            }
        })).ToArray();
        for (var number = 0; number < PerKey; number++)
        {
            await transport.PublishAsync([.. Enumerable.Range(0, Keys).Select(key => Message($"{key}", (byte)number))], default);
            await Task.Delay(30);
        }

        await Task.WhenAll(members).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Empty(handled.Faults);
    }

    [BrokerFact]
    public async Task Keys_keep_their_order_when_members_die_one_after_the_other_while_they_give_back()
    {
        const int Keys = 24, PerKey = 12, Held = 6;
        var transport = (RabbitMQTransport)await OpenAsync(options => (options.PollInterval, options.Prefetch) = (TimeSpan.FromMilliseconds(50), 2 * Held));
        await using var disposal = transport;
        var dying = await transport.SubscribeAsync("a", [Type], default);
        for (var number = 0; number < PerKey; number++)
        {
            await transport.PublishAsync([.. Enumerable.Range(0, Keys).Select(key => Message($"{key}", (byte)number))], default);
        }

        // Each has in hand all that it can when the next one comes and wants half of the queues, and dies before it has finished anything.
        for (var death = 0; death < 3; death++)
        {
            await Eventually.TrueAsync(async () => (await dying.ReceiveAsync(Keys * PerKey, default)).Count > 0, "it got nothing");
            var next = await transport.SubscribeAsync("a", [Type], default);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            await KillMemberAsync(dying);
            dying = next;
        }

        var handled = new Handled(Keys * PerKey);
        var handling = handled.ReceiveAsync(dying, int.MaxValue);
        await Eventually.TrueAsync(() => Task.FromResult(handled.IsDone || handled.Faults.Count > 0), "it got not all");
        await dying.DisposeAsync();
        Assert.Empty(handled.Faults);
        await handling;
    }

    [BrokerFact]
    public async Task A_message_that_kills_its_consumers_is_set_aside_by_the_broker_and_can_be_redriven()
    {
        var transport = (RabbitMQTransport)await OpenAsync();
        await using var disposal = transport;
        var poison = Message("k", 1);
        var started = TimeProvider.System.GetUtcNow();
        for (var death = 0; death <= RabbitTopology.DeliveryLimit; death++)
        {
            var victim = await transport.SubscribeAsync("a", [Type], default);
            if (death == 0)
            {
                await transport.PublishAsync([poison], default);
            }

            Assert.Equal(death + 1, Assert.Single(await victim.ReceiveAsync(1, default)).Attempts);
            await KillMemberAsync(victim);
        }

        IReadOnlyList<DeadLetter> letters = [];
        await Eventually.TrueAsync(async () => (letters = await transport.ReadDeadLettersAsync("a", 10, default)).Count > 0, "it was not set aside");
        var letter = Assert.Single(letters);
        Assert.Equal((poison.Id, RabbitTopology.DeliveryLimit + 1), (letter.Id, letter.Attempts));
        Assert.Contains("the consumers were killed", letter.Reason, StringComparison.Ordinal);
        Assert.InRange(letter.DeadSince, started.AddSeconds(-2), TimeProvider.System.GetUtcNow().AddSeconds(2));

        Assert.Equal(1, await transport.RedriveAsync("a", null, default));
        await using var healed = await transport.SubscribeAsync("a", [Type], default);
        Assert.Equal(1, Assert.Single(await healed.ReceiveAsync(1, default)).Attempts);
    }

    [BrokerFact]
    public async Task Dead_letters_are_read_in_order_and_stay_until_they_are_redriven()
    {
        var transport = (RabbitMQTransport)await OpenAsync();
        await using var disposal = transport;
        await using var receiver = await transport.SubscribeAsync("a", [Type], default);
        var messages = Enumerable.Range(0, 5).Select(number => Message("k", (byte)number)).ToArray();
        await transport.PublishAsync(messages, default);
        for (var count = 0; count < messages.Length;)
        {
            foreach (var delivery in await receiver.ReceiveAsync(5, default))
            {
                await receiver.DeadLetterAsync(delivery, new string('x', 200_000), default);
                count++;
            }
        }

        for (var look = 0; look < 3; look++)
        {
            Assert.Equal(messages.Take(3).Select(message => message.Id), (await transport.ReadDeadLettersAsync("a", 3, default)).Select(letter => letter.Id));
        }

        Assert.Equal(2, await transport.RedriveAsync("a", [messages[1].Id, messages[3].Id], default));
        Assert.Equal([0, 2, 4], (await transport.ReadDeadLettersAsync("a", 10, default)).Select(letter => (int)letter.Body.Span[0]));
        Assert.Equal(3, await transport.RedriveAsync("a", null, default));
    }

    [BrokerFact]
    public async Task Headers_have_the_prefix_of_the_CloudEvents_binding_and_the_message_is_durable()
    {
        var transport = (RabbitMQTransport)await OpenAsync();
        await using var disposal = transport;
        var message = Message("k", 7) with { Headers = new Dictionary<string, string> { ["type"] = Type, ["datacontenttype"] = "application/json" } };
        await transport.PublishAsync([message], default);

        await using var connection = await new ConnectionFactory { Uri = new Uri(rabbit.Server.ConnectionString(_host)) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var got = await channel.BasicGetAsync(RabbitTopology.UnroutedQueue(Type), autoAck: true);
        Assert.Equal(Type, Encoding.UTF8.GetString((byte[])got!.BasicProperties.Headers!["cloudEvents_type"]!));
        Assert.Equal(("application/json", true, message.Id.ToString()), (got.BasicProperties.ContentType, got.BasicProperties.Persistent, got.BasicProperties.MessageId));
    }

    [BrokerFact]
    public async Task Who_does_not_know_the_password_or_the_virtual_host_is_told_so()
    {
        await IsToldAsync("guessed", _host, "ACCESS_REFUSED");
        await IsToldAsync("guest", "nowhere", "nowhere");
    }

    [BrokerFact]
    public async Task A_broker_without_room_holds_nobody_up_and_takes_messages_again_when_it_has_some()
    {
        var transport = (RabbitMQTransport)await OpenAsync();
        await using var disposal = transport;
        await using var receiver = await transport.SubscribeAsync("a", [Type], default);
        await transport.PublishAsync([Message("k", 1)], default);
        await rabbit.Server.ControlAsync("set_vm_memory_high_watermark", "0");
        try
        {
            await Eventually.TrueAsync(() => FailsAsync(() => transport.PublishAsync([Message("k", 2)], default).WaitAsync(TimeSpan.FromSeconds(20))), "it took everything");
            var refusal = await Assert.ThrowsAsync<TransportUnavailableException>(() => transport.PingAsync(default));
            Assert.Contains("takes nothing at present", refusal.Message, StringComparison.Ordinal);

            // Consumers are not held up.
            var received = await receiver.ReceiveAsync(1, default);
            await receiver.CompleteAsync(received, default);
        }
        finally
        {
            await rabbit.Server.ControlAsync("set_vm_memory_high_watermark", "0.6");
        }

        await Eventually.TrueAsync(async () => !await FailsAsync(() => transport.PublishAsync([Message("k", 3)], default)), "it took nothing any more");
    }

    [BrokerFact]
    public async Task A_subscription_that_the_broker_lost_is_made_again()
    {
        var transport = (RabbitMQTransport)await OpenAsync();
        await using var disposal = transport;
        await using var receiver = await transport.SubscribeAsync("a", [Type], default);
        await rabbit.Server.ControlAsync("delete_vhost", _host);
        await InitializeHostAsync();
        await Eventually.TrueAsync(async () => !await FailsAsync(() => transport.PublishAsync([Message("k", 1)], default)), "nothing could be published");
        IReadOnlyList<Delivery> received = [];
        await Eventually.TrueAsync(async () => !await FailsAsync(async () => received = await receiver.ReceiveAsync(1, default)), "nothing came");
        Assert.Equal(1, Assert.Single(received).Message.Body[0]);
    }

    internal override Task<IMessageTransport> OpenAsync(Action<MessagingOptions>? configure = null)
    {
        var options = new MessagingOptions { PollInterval = TimeSpan.FromMilliseconds(200) };
        configure?.Invoke(options);
        return Task.FromResult<IMessageTransport>(Open(rabbit.Server.ConnectionString(_host), options));
    }

    internal override async Task KillMemberAsync(IMessageReceiver member) => await member.DisposeAsync();

    protected override async Task KillBrokerAsync()
    {
        // RabbitMQ 3.10 writes down only every half second which quorum queues there are; a younger one is without a leader after a kill.
        await Task.Delay(TimeSpan.FromSeconds(2));
        await rabbit.Server.KillAsync();
    }

    protected override Task RestartBrokerAsync() => rabbit.Server.RestartAsync();

    private async Task InitializeHostAsync()
    {
        await rabbit.Server.ControlAsync("add_vhost", _host);
        await rabbit.Server.ControlAsync("set_permissions", "-p", _host, "guest", ".*", ".*", ".*");
    }

    private async Task IsToldAsync(string password, string host, string expected)
    {
        var uri = new UriBuilder(rabbit.Server.ConnectionString(host)) { Password = password }.Uri.ToString();
        var transport = Open(uri, new MessagingOptions());
        await using var disposal = transport;
        var refusal = await Assert.ThrowsAsync<TransportUnavailableException>(() => transport.PingAsync(default));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guessed", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TransportUnavailableException>(() => transport.SubscribeAsync("a", [Type], default));
        await Assert.ThrowsAsync<TransportUnavailableException>(() => transport.PublishAsync([Message("k", 1)], default));
    }

    private static RabbitMQTransport Open(string uri, MessagingOptions options)
        => new(new RabbitConnections(uri, "test", options.Lease), Options.Create(options), TimeProvider.System, NullLogger<RabbitMQTransport>.Instance);

    private static TransportMessage Message(string key, byte number) => new(Guid.NewGuid(), Type, key, new Dictionary<string, string>(), [number]);
}
