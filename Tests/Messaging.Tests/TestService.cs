using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Trellis.Messaging.Tests;

/// <summary>A service with a database of its own, and the broker's.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly IHost _host;

    private TestService(IHost host) => _host = host;

    /// <summary>What <see cref="Recorder{T}"/> was given.</summary>
    public Recording Seen => _host.Services.GetRequiredService<Recording>();

    public IServiceProvider Services => _host.Services;

    public static async Task<TestService> StartAsync(
        PostgresServer server,
        string database,
        string broker,
        Action<MessagingBuilder> configure,
        Action<IHostApplicationBuilder>? more = null,
        string name = "shelf")
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = name });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:broker"] = server.ConnectionString(broker),
            ["Messaging:PollInterval"] = "00:00:00.200",
        });
        builder.Services.AddDbContext<ShelfContext>(options => options.UseNpgsql(
            server.ConnectionString(database), npgsql => npgsql.EnableRetryOnFailure(2)));
        builder.Services.AddSingleton<Recording>();
        builder.AddMessaging<ShelfContext>(configure);
        more?.Invoke(builder);
        var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var creator = (RelationalDatabaseCreator)scope.ServiceProvider.GetRequiredService<ShelfContext>().GetService<IDatabaseCreator>();
            if (!await creator.HasTablesAsync())
            {
                await creator.CreateTablesAsync();
            }
        }

        await host.StartAsync();
        return new TestService(host);
    }

    /// <summary>A unit of work: one scope, one SaveChanges.</summary>
    public async Task InScopeAsync(Func<ShelfContext, IMessagePublisher, Task> work)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ShelfContext>();
        await work(database, scope.ServiceProvider.GetRequiredService<IMessagePublisher>());
        await database.SaveChangesAsync();
    }

    public Task PublishAsync<T>(T message, PublishOptions? options = null)
        where T : class
        => InScopeAsync((_, publisher) => publisher.PublishAsync(message, options));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

/// <summary>What handlers saw, in the order in which they saw it.</summary>
internal sealed class Recording
{
    private readonly ConcurrentQueue<(object Message, MessageContext Context)> _all = [];

    public IReadOnlyList<(object Message, MessageContext Context)> All => [.. _all];

    public void Add(object message, MessageContext context) => _all.Enqueue((message, context));

    public IEnumerable<T> Of<T>() => _all.Select(seen => seen.Message).OfType<T>();

    public Task CountIsAsync(int count, double seconds = 30)
        => Eventually.TrueAsync(() => _all.Count >= count, $"{count} messages were not handled", seconds);
}

/// <summary>Notes each message.</summary>
internal sealed class Recorder<T>(Recording recording) : IMessageHandler<T>
    where T : class
{
    public Task HandleAsync(T message, MessageContext context, CancellationToken cancellationToken)
    {
        recording.Add(message, context);
        return Task.CompletedTask;
    }
}
