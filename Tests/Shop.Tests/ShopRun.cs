using System.Net;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>Runs of the built AppHost, each with its own folder, ready for calls.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal static class ShopRun
{
    public const string Products = "/api/catalog/products";

    /// <summary>How long a run may take to come up, on a machine that does other things too.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(90);

    /// <summary>How long a run may take to stop, on such a machine.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long the engine may take to notice that the AppHost was killed, and to end everything.</summary>
    public static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Starts an AppHost and waits until everything is healthy and products can be searched.</summary>
    public static async Task<AppHostProcess> StartAsync(
        RunFolder folder,
        IReadOnlyList<string>? launcher = null,
        IReadOnlyList<string>? arguments = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        var variables = folder.Environment;
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            variables[name] = value;
        }

        var run = AppHostProcess.Start(BuiltSystem.AppHost, folder.Data, launcher, arguments, variables);
        try
        {
            await run.WaitForLineAsync("All resources are running and healthy", StartTimeout);
            await run.WaitForAnswerAsync(new Uri(run.GatewayUrl, $"{Products}?search=desk"), StartTimeout);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many desks the gateway's answer counts.</summary>
    public static async Task<int> CountDesksAsync(AppHostProcess run)
    {
        using var client = new HttpClient { BaseAddress = run.GatewayUrl };
        using var response = await client.GetAsync($"{Products}?search=desk");
        return (int)(await Answers.JsonAsync(response, HttpStatusCode.OK))["total"]!;
    }
}
