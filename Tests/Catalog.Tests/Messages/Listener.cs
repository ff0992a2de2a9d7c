using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shop.Catalog.Contract;
using Trellis.Messaging;

namespace Shop.Catalog.Tests.Messages;

/// <summary>Another service, which listens to the catalogue's events.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly IHost _host;

    private Listener(IHost host) => _host = host;

    /// <summary>The events so far, as they came.</summary>
    public ConcurrentQueue<(object Event, MessageContext Context)> Heard { get; } = [];

    public static async Task<Listener> StartAsync(string database, string broker)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "Listener" });
        builder.Configuration["ConnectionStrings:broker"] = broker;
        builder.Logging.ClearProviders();
        builder.Services.AddDbContext<ListenerContext>(options => options.UseNpgsql(database));
        builder.AddMessaging<ListenerContext>(messaging => messaging
            .Handle<ProductChanged, Handler>()
            .Handle<ProductWithdrawn, Handler>());
        builder.Services.AddSingleton(services => new Listener(services.GetRequiredService<IHost>()));
        var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ListenerContext>().Database.EnsureCreatedAsync();
        }

        await host.StartAsync();
        return host.Services.GetRequiredService<Listener>();
    }

    /// <summary>The events of one product so far.</summary>
    public object[] Of(Guid product) => [.. Heard.Where(heard => heard.Context.PartitionKey == product.ToString()).Select(heard => heard.Event)];

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class ListenerContext(DbContextOptions<ListenerContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
    }

    private sealed class Handler(Listener listener) : IMessageHandler<ProductChanged>, IMessageHandler<ProductWithdrawn>
    {
        public Task HandleAsync(ProductChanged message, MessageContext context, CancellationToken cancellationToken) => Hear(message, context);

        public Task HandleAsync(ProductWithdrawn message, MessageContext context, CancellationToken cancellationToken) => Hear(message, context);

        private Task Hear(object message, MessageContext context)
        {
            listener.Heard.Enqueue((message, context));
            return Task.CompletedTask;
        }
    }
}
