using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Trellis.ServiceDefaults.Telemetry.Redaction;

namespace Trellis.ServiceDefaults.Telemetry.Logs;

internal static class LogRegistration
{
    /// <summary>Those that write a line or more for each request, query or call that goes well, which spans and metrics tell already.</summary>
    private static readonly string[] Talkative = ["Microsoft.AspNetCore", "System.Net.Http.HttpClient", "Microsoft.EntityFrameworkCore", "Npgsql"];

    public static void AddDefaultLogs(this IHostApplicationBuilder builder)
    {
        // First of all sources, so that every other one wins.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = Talkative.Select(category => KeyValuePair.Create<string, string?>($"Logging:LogLevel:{category}", nameof(LogLevel.Warning))),
        });

        builder.Services.AddSingleton<IExternalScopeProvider, RedactedScopes>();
        // AddConsoleFormatter would also bind options, which this one does not have.
        builder.Services.AddSingleton<ConsoleFormatter, JsonLines>();
        if (!builder.Environment.IsDevelopment())
        {
            // In place of what the host chose (a slim one chooses), not of what the configuration or the service itself chooses.
            builder.Services.AddOptions<ConsoleLoggerOptions>().Configure<IConfiguration>((console, configuration) =>
                console.FormatterName = configuration["Logging:Console:FormatterName"] ?? JsonLines.FormatterName);
        }

        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
            logs.AddProcessor(new RedactedLogs());
        });
    }
}
