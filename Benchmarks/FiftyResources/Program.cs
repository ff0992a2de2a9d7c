using Microsoft.Extensions.Hosting;

// Fifty processes with an endpoint each, which do nothing: what the engine costs, without what services cost.
var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true });
var names = Enumerable.Range(1, 50).Select(number => $"worker-{number}").ToArray();
foreach (var name in names)
{
    builder.AddExecutable(name, "sleep", ".", "infinity").WithHttpEndpoint(env: "PORT");
}

await using var app = builder.Build();
await app.StartAsync();
await Task.WhenAll(names.Select(name => app.ResourceNotifications.WaitForResourceAsync(name)));
Console.WriteLine("All 50 resources run.");
await app.WaitForShutdownAsync();
