using System.Text;
using Trellis.Messaging.Transport;

namespace Trellis.Messaging.Tests.Transport;

/// <summary>What every transport promises. A transport is conformant when a class derived from this one passes.</summary>
public abstract class TransportConformance
{
    protected static async Task<bool> FailsAsync(Func<Task> call)
    {
        try
        {
            await call();
            return false;
        }
        catch (TransportUnavailableException)
        {
            return true;
        }
    }

    private const string Type = "shop.shelf.item-added.v1";

    /// <summary>Opens the broker under test; each call is a process of its own to it.</summary>
    internal abstract Task<IMessageTransport> OpenAsync(Action<MessagingOptions>? configure = null);

    /// <summary>Kills the broker as a crash would.</summary>
    protected abstract Task KillBrokerAsync();

    /// <summary>Starts it again, where it was.</summary>
    protected abstract Task RestartBrokerAsync();

    /// <summary>Lets a member die as its process would: nobody acknowledges what it holds. Without more, it only says nothing any longer.</summary>
    internal virtual Task KillMemberAsync(IMessageReceiver member) => Task.CompletedTask;

    [BrokerFact]
    public async Task A_message_arrives_with_its_content_and_all_attributes()
    {
        await using var transport = await OpenDisposableAsync();
        await using var receiver = await transport.Value.SubscribeAsync("a", [Type], default);
        var message = Message("1", "key") with { Body = [0, 255, 10, 13, 34] };
        await PublishAsync(transport, message);

        var delivery = Assert.Single(await ReceiveAsync(receiver, 1));
        Assert.Equal(message.Id, delivery.Message.Id);
        Assert.Equal(message.Body, delivery.Message.Body);
        Assert.Equal("key", delivery.Message.PartitionKey);
        Assert.Equal(message.Headers.OrderBy(header => header.Key), delivery.Message.Headers.OrderBy(header => header.Key));
        Assert.Equal(1, delivery.Attempts);
    }

    [BrokerFact]
    public async Task Messages_of_a_key_come_in_order()
    {
        await using var transport = await OpenDisposableAsync();
        await using var receiver = await transport.Value.SubscribeAsync("a", [Type], default);
        for (var batch = 0; batch < 4; batch++)
        {
            await PublishAsync(transport, [.. Enumerable.Range(batch * 50, 50).Select(number => Message(number.ToString(), $"key {number % 3}"))]);
        }

        var received = await ReceiveAsync(receiver, 200);
        foreach (var key in received.GroupBy(delivery => delivery.Message.PartitionKey))
        {
            Assert.Equal(key.Select(Number).Order(), key.Select(Number));
        }
    }

    [BrokerFact]
    public async Task Every_group_gets_every_message_and_of_a_group_one_member()
    {
        await using var transport = await OpenDisposableAsync();
        await using var a1 = await transport.Value.SubscribeAsync("a", [Type], default);
        await using var a2 = await transport.Value.SubscribeAsync("a", [Type], default);
        await using var b = await transport.Value.SubscribeAsync("b", [Type], default);
        await using var other = await transport.Value.SubscribeAsync("c", ["shop.shelf.other.v1"], default);
        await PublishAsync(transport, [.. Enumerable.Range(0, 60).Select(number => Message(number.ToString()))]);

        Assert.Equal(Enumerable.Range(0, 60), (await ReceiveAsync([a1, a2], 60)).Select(Number).Order());
        Assert.Equal(Enumerable.Range(0, 60), (await ReceiveAsync(b, 60)).Select(Number).Order());
        await NothingComesAsync(other);
    }

    [BrokerFact]
    public async Task What_is_completed_does_not_come_again()
    {
        await using var transport = await OpenDisposableAsync(options => options.Lease = TimeSpan.FromSeconds(1));
        await using (var receiver = await transport.Value.SubscribeAsync("a", [Type], default))
        {
            await PublishAsync(transport, Message("1"), Message("2"));
            await receiver.CompleteAsync(await ReceiveAsync(receiver, 2), default);
        }

        await using var next = await transport.Value.SubscribeAsync("a", [Type], default);
        await NothingComesAsync(next, TimeSpan.FromSeconds(1.5));
    }

    [BrokerFact]
    public async Task What_a_member_held_when_it_died_goes_to_another_in_order()
    {
        await using var transport = await OpenDisposableAsync(options => options.Lease = TimeSpan.FromSeconds(1));
        await using var dead = await transport.Value.SubscribeAsync("a", [Type], default);
        await PublishAsync(transport, Message("1", "k"), Message("2", "k"), Message("3", "k"));
        Assert.Equal([1, 2], (await ReceiveAsync(dead, 2)).Select(Number));

        await KillMemberAsync(dead);
        await using var alive = await transport.Value.SubscribeAsync("a", [Type], default);
        var received = await ReceiveAsync(alive, 3);
        Assert.Equal([1, 2, 3], received.Select(Number));
        Assert.Equal([2, 2], received.Take(2).Select(delivery => delivery.Attempts));
    }

    [BrokerFact]
    public async Task Later_messages_of_a_key_wait_while_one_is_held_and_those_of_others_do_not()
    {
        await using var transport = await OpenDisposableAsync();
        await using var one = await transport.Value.SubscribeAsync("a", [Type], default);
        await using var two = await transport.Value.SubscribeAsync("a", [Type], default);
        await PublishAsync(transport, Message("1", "k"));
        var (holder, first) = await FirstAsync(one, two);
        await PublishAsync(transport, [Message("2", "k"), .. Enumerable.Range(3, 30).Select(number => Message(number.ToString(), $"other {number}"))]);
        var other = holder == one ? two : one;
        var others = await ReceiveAsync([one, two], 30, delivery => delivery.Message.PartitionKey != "k");
        Assert.Equal(Enumerable.Range(3, 30), others.Where(delivery => delivery.Message.PartitionKey != "k").Select(Number).Order());
        await NothingComesAsync(other);

        await holder.CompleteAsync(first, default);
        var second = others.Where(delivery => delivery.Message.PartitionKey == "k").ToArray();
        Assert.Equal([2], (second.Length > 0 ? second : await ReceiveAsync([one, two], 1)).Select(Number));
    }

    [BrokerFact]
    public async Task A_message_that_is_held_on_to_stays_with_its_member()
    {
        await using var transport = await OpenDisposableAsync(options => options.Lease = TimeSpan.FromSeconds(2));
        await using var one = await transport.Value.SubscribeAsync("a", [Type], default);
        await using var two = await transport.Value.SubscribeAsync("a", [Type], default);
        await PublishAsync(transport, Message("1"));
        var (holder, held) = await FirstAsync(one, two);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var waiting = (holder == one ? two : one).ReceiveAsync(1, patience.Token);
        for (var renewal = 0; renewal < 5; renewal++)
        {
            await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(600)));
            Assert.Empty(await holder.RenewAsync(held, default));
        }

        Assert.False(waiting.IsCompleted);
        await holder.ReleaseAsync(held, TimeSpan.Zero, default);
        Assert.Equal(1, Assert.Single(await await Task.WhenAny(waiting, holder.ReceiveAsync(1, patience.Token))).Attempts);
    }

    [BrokerFact]
    public async Task A_retried_message_comes_after_its_pause_before_later_ones_of_its_key()
    {
        await using var transport = await OpenDisposableAsync();
        await using var receiver = await transport.Value.SubscribeAsync("a", [Type], default);
        await PublishAsync(transport, Message("1", "k"));
        var first = Assert.Single(await ReceiveAsync(receiver, 1));
        await PublishAsync(transport, Message("2", "k"), Message("3"));
        await receiver.RetryAsync(first, TimeSpan.FromMilliseconds(500), default);
        Assert.Equal([3], (await ReceiveAsync(receiver, 1)).Select(Number));

        var again = await ReceiveAsync(receiver, 2);
        Assert.Equal([1, 2], again.Select(Number));
        Assert.Equal([2, 1], again.Select(delivery => delivery.Attempts));
    }

    [BrokerFact]
    public async Task A_dead_letter_keeps_reason_attempts_and_attributes_and_can_be_redriven()
    {
        await using var transport = await OpenDisposableAsync();
        await using var receiver = await transport.Value.SubscribeAsync("a", [Type], default);
        await using var unconcerned = await transport.Value.SubscribeAsync("b", [Type], default);
        var message = Message("1", "k");
        await PublishAsync(transport, message, Message("2", "k"));
        var first = Assert.Single(await ReceiveAsync(receiver, 1));
        Assert.True(await receiver.DeadLetterAsync(first, "System.Exception: no \0 at all", default));
        var second = await ReceiveAsync(receiver, 1);
        Assert.Equal([2], second.Select(Number));
        Assert.Equal([1, 2], (await ReceiveAsync(unconcerned, 2)).Select(Number));

        var letter = Assert.Single(await transport.Value.ReadDeadLettersAsync("a", 10, default));
        Assert.Equal((message.Id, 1), (letter.Id, letter.Attempts));
        Assert.StartsWith("System.Exception: no", letter.Reason, StringComparison.Ordinal);
        Assert.Equal(message.Headers["source"], letter.Headers["source"]);
        Assert.Empty(await transport.Value.ReadDeadLettersAsync("b", 10, default));

        Assert.Equal(0, await transport.Value.RedriveAsync("a", [Guid.NewGuid()], default));
        Assert.Equal(1, await transport.Value.RedriveAsync("a", [message.Id], default));
        Assert.Empty(await transport.Value.ReadDeadLettersAsync("a", 10, default));
        await receiver.CompleteAsync(second, default);
        var again = Assert.Single(await ReceiveAsync(receiver, 1));
        Assert.Equal((message.Id, 1), (again.Message.Id, again.Attempts));
        Assert.Equal(message.Headers["traceparent"], again.Message.Headers["traceparent"]);
        await NothingComesAsync(unconcerned);
    }

    [BrokerFact]
    public async Task No_more_comes_than_was_asked_for()
    {
        await using var transport = await OpenDisposableAsync();
        await using var receiver = await transport.Value.SubscribeAsync("a", [Type], default);
        await PublishAsync(transport, [.. Enumerable.Range(0, 30).Select(number => Message(number.ToString()))]);
        Assert.InRange((await receiver.ReceiveAsync(7, default)).Count, 1, 7);
        Assert.InRange((await receiver.ReceiveAsync(7, default)).Count, 1, 7);
    }

    [BrokerFact]
    public async Task A_message_of_1_MiB_arrives_and_a_larger_one_is_refused_with_the_limit()
    {
        await using var transport = await OpenDisposableAsync();
        await using var receiver = await transport.Value.SubscribeAsync("a", [Type], default);
        var large = Message("1") with { Body = Enumerable.Range(0, 1024 * 1024).Select(index => (byte)(index * 31)).ToArray() };
        var refused = await transport.Value.PublishAsync([Message("0"), large with { Body = [.. large.Body, 1] }, large], default);

        Assert.Equal(1, Assert.Single(refused).Key);
        Assert.Contains("1048576", refused[1], StringComparison.Ordinal);
        var received = await ReceiveAsync(receiver, 2);
        Assert.Equal(large.Body, received.Single(delivery => delivery.Message.Id == large.Id).Message.Body);
    }

    [BrokerFact]
    public async Task What_was_published_before_anybody_subscribed_reaches_the_first_group()
    {
        await using var transport = await OpenDisposableAsync();
        await PublishAsync(transport, Message("1"), Message("2"));
        await using var first = await transport.Value.SubscribeAsync("a", [Type], default);
        await using var second = await transport.Value.SubscribeAsync("b", [Type], default);
        Assert.Equal([1, 2], (await ReceiveAsync(first, 2)).Select(Number));
        await NothingComesAsync(second);
    }

    [BrokerFact]
    public virtual async Task A_confirmed_message_survives_the_broker_being_killed_and_everybody_finds_it_again()
    {
        await using var transport = await OpenDisposableAsync();
        await using var receiver = await transport.Value.SubscribeAsync("a", [Type], default);
        await PublishAsync(transport, Message("1"));
        await KillBrokerAsync();
        await Assert.ThrowsAsync<TransportUnavailableException>(() => PublishAsync(transport, Message("2")));
        await RestartBrokerAsync();

        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await PublishAsync(transport, Message("3"));
                    return true;
                }
                catch (TransportUnavailableException)
                {
                    return false;
                }
            },
            "nothing could be published");
        var received = await ReceiveAsync(receiver, 2);
        Assert.Equal([1, 3], received.Select(Number).Where(number => number != 2).Order());
    }

    private static int Number(Delivery delivery) => int.Parse(Encoding.UTF8.GetString(delivery.Message.Body[..Math.Min(5, delivery.Message.Body.Length)]));

    private static TransportMessage Message(string body, string? key = null)
    {
        var id = Guid.NewGuid();
        var headers = new Dictionary<string, string>
        {
            ["specversion"] = "1.0",
            ["id"] = id.ToString(),
            ["source"] = "/überschrift \"quoted\"",
            ["type"] = Type,
            ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
        return new TransportMessage(id, Type, key, headers, Encoding.UTF8.GetBytes(body));
    }

    private static async Task PublishAsync(Disposable transport, params TransportMessage[] messages)
        => Assert.Empty(await transport.Value.PublishAsync(messages, default));

    // One call may bring fewer than asked for.
    private static async Task<IReadOnlyList<Delivery>> ReceiveAsync(IMessageReceiver receiver, int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        List<Delivery> all = [];
        while (all.Count < count)
        {
            try
            {
                all.AddRange(await receiver.ReceiveAsync(count - all.Count, deadline.Token));
            }
            catch (TransportUnavailableException) when (!deadline.IsCancellationRequested)
            {
                await Task.Delay(50);
            }
        }

        return all;
    }

    // Of several members, in whatever way the messages are divided between them.
    private static async Task<IReadOnlyList<Delivery>> ReceiveAsync(IMessageReceiver[] members, int count, Func<Delivery, bool>? counts = null)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        List<Delivery> all = [];
        await Task.WhenAll(members.Select(async member =>
        {
            try
            {
                while (true)
                {
                    var received = await member.ReceiveAsync(count, enough.Token);
                    lock (all)
                    {
                        all.AddRange(received);
                        if (all.Count(counts ?? (_ => true)) >= count)
                        {
                            enough.Cancel();
                        }
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The test looks at what came.
            }
        }));
        return all;
    }

    // Whichever gets it.
    private static async Task<(IMessageReceiver Holder, IReadOnlyList<Delivery> Deliveries)> FirstAsync(IMessageReceiver one, IMessageReceiver two)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var (ones, twos) = (one.ReceiveAsync(1, enough.Token), two.ReceiveAsync(1, enough.Token));
        var deliveries = await await Task.WhenAny(ones, twos);
        await enough.CancelAsync();
        await Task.WhenAll(ones, twos).ContinueWith(_ => { }, TaskScheduler.Default);
        return (ones.IsCompletedSuccessfully ? one : two, deliveries);
    }

    private static async Task NothingComesAsync(IMessageReceiver receiver, TimeSpan? during = null)
    {
        using var deadline = new CancellationTokenSource(during ?? TimeSpan.FromMilliseconds(400));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiver.ReceiveAsync(10, deadline.Token));
    }

    private async Task<Disposable> OpenDisposableAsync(Action<MessagingOptions>? configure = null) => new(await OpenAsync(configure));

    private sealed record Disposable(IMessageTransport Value) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Value is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;
    }
}
