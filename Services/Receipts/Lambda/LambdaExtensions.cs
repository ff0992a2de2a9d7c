using Microsoft.Extensions.Configuration.Memory;

namespace Shop.Receipts.Lambda;

/// <summary>The service as a function of AWS Lambda: the same program, when Lambda starts it.</summary>
internal static class LambdaExtensions
{
    private const string RuntimeApi = "AWS_LAMBDA_RUNTIME_API";

    /// <summary>Where Lambda has started the program: takes requests from its runtime API in place of a port.</summary>
    public static void AddLambda(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration[RuntimeApi] is not { Length: > 0 } address)
        {
            return;
        }

        // Nobody balances loads here, and Lambda waits for the end for less than a second. What is set otherwise wins.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [KeyValuePair.Create<string, string?>("Health:DrainDelay", "00:00:00")] });
        builder.Services.AddSingleton(_ => new LambdaRuntime(address));
        builder.Services.AddSingleton<InnerServer>();
        builder.Services.AddSingleton<LambdaLoop>();
        builder.Services.AddOptions<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>()
            .Configure<InnerServer>((kestrel, inner) => kestrel.ListenUnixSocket(inner.SocketPath));
    }

    /// <summary>Runs until it is told to stop.</summary>
    public static async Task RunHereOrInLambdaAsync(this WebApplication app)
    {
        if (app.Services.GetService<LambdaRuntime>() is not { } runtime)
        {
            await app.RunAsync();
            return;
        }

        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch (Exception failure)
            {
                await runtime.FailToStartAsync(failure);
                throw;
            }

            if (!await app.Services.GetRequiredService<LambdaLoop>().RunAsync(app.Lifetime.ApplicationStopping))
            {
                Environment.ExitCode = 1;
            }

            await app.StopAsync();
        }
    }
}
