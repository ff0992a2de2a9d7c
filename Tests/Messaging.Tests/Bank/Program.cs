using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Trellis.Messaging;
using Trellis.Messaging.Tests.Bank;

// bank teller|ledger [prepare]: the services of the test in which everything is killed. Settings come from the environment.
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = [], ApplicationName = args[0], ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddSingleton<IFaultPoints, SuddenDeath>();
if (args[0] == "teller")
{
    builder.Services.AddDbContext<TellerContext>(options => options.UseNpgsql(builder.Configuration.GetConnectionString("database")));
    builder.AddMessaging<TellerContext>(m => m.Publish<TransferOrdered>().Handle<TransferBooked, TransferBookedHandler>());
    builder.Services.AddHostedService<Teller>();
}
else
{
    builder.Services.AddDbContext<LedgerContext>(options => options.UseNpgsql(builder.Configuration.GetConnectionString("database")));
    builder.AddMessaging<LedgerContext>(m => m.Publish<TransferBooked>().Handle<TransferOrdered, TransferOrderedHandler>());
}

using var host = builder.Build();
if (args.Contains("prepare"))
{
    await using var scope = host.Services.CreateAsyncScope();
    DbContext database = args[0] == "teller" ? scope.ServiceProvider.GetRequiredService<TellerContext>() : scope.ServiceProvider.GetRequiredService<LedgerContext>();
    await database.Database.EnsureCreatedAsync();
    return;
}

await host.RunAsync();
