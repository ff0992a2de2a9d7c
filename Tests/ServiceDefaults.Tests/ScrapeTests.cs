using System.Diagnostics;

namespace Trellis.ServiceDefaults.Tests;

public sealed class ScrapeTests
{
    /// <summary>What promtool answers when all can be read and only names are not as it likes them.</summary>
    private const int LintOnly = 3;

    [Fact]
    public async Task A_scrape_passes_promtool_and_holds_server_client_runtime_process_and_build()
    {
        await using var service = await ServiceProcess.StartAsync();
        await using var other = await TestService.StartAsync();
        await service.Http.GetAsync($"/call?url={other.App.Urls.First()}/health");
        await service.Http.GetAsync("/nothing");

        var scrape = await service.Http.GetStringAsync("/metrics");

        foreach (var name in new[]
        {
            "http_server_request_duration_seconds_bucket", "http_client_request_duration_seconds_bucket", "kestrel_active_connections",
            "dotnet_gc_collections_total", "process_cpu_time_seconds_total{", "process_memory_usage_bytes", "process_thread_count",
            "process_unix_file_descriptor_count", "process_uptime_seconds", "build_info{",
        })
        {
            Assert.Contains($"\n{name}", scrape, StringComparison.Ordinal);
        }

        Assert.Matches("(?m)^build_info\\{.*runtime=\"\\.NET 10.*\\} 1", scrape);
        Assert.Matches("(?m)^process_uptime_seconds\\S* [0-9]*\\.?[0-9]+", scrape);
        var (exitCode, complaints) = await PromtoolAsync(scrape);
        Assert.True(exitCode is 0 or LintOnly, complaints);
        // Names and units are OpenTelemetry's and Polly's, which promtool would have chosen otherwise.
        Assert.DoesNotContain(complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries), complaint =>
            !complaint.Contains("\"_count\" suffix", StringComparison.Ordinal) && !complaint.StartsWith("resilience_polly_", StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string Complaints)> PromtoolAsync(string scrape)
    {
        // From the package "prometheus"; test.sh installs it.
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await promtool.StandardInput.WriteAsync(scrape);
        promtool.StandardInput.Close();
        var output = promtool.StandardOutput.ReadToEndAsync();
        var errors = await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, errors + await output);
    }
}
