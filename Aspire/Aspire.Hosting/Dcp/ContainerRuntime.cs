using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Dcp;

/// <summary>The container engine of this machine (Docker or Podman), which DCP finds and drives.</summary>
internal sealed class ContainerRuntime(IOptions<DcpOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _oneQuestion = new(1, 1);
    private bool _answers;

    /// <summary>Makes sure that there is an engine and that it answers. Asked again until it does: it may be installed or started meanwhile.</summary>
    /// <param name="resource">The container that needs it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DistributedApplicationException">There is none, or it does not answer; the message says what to do.</exception>
    public async Task RequireAsync(string resource, CancellationToken cancellationToken)
    {
        await _oneQuestion.WaitAsync(cancellationToken);
        try
        {
            if (!_answers)
            {
                var runtime = (await AskAsync(cancellationToken)).Containers;
                _answers = runtime is { Installed: true, Running: true };
                if (!_answers)
                {
                    throw new DistributedApplicationException($"Resource '{resource}' is a container. {Complaint(runtime)}");
                }
            }
        }
        finally
        {
            _oneQuestion.Release();
        }
    }

    public void Dispose() => _oneQuestion.Dispose();

    private static string Complaint(DcpRuntimeInfo? runtime) => runtime is { Installed: true }
        ? $"The container engine '{runtime.Runtime}' is installed but does not answer{(runtime.Error is { Length: > 0 } error ? $" ({error.Trim()})" : string.Empty)}. "
            + $"Start it, or name another one in ASPIRE_CONTAINER_RUNTIME, then start the resource. {Alternative}"
        : $"No container engine was found{(runtime?.Runtime is { Length: > 0 } name ? $": the program '{name}' is not installed" : string.Empty)}. "
            + $"Install Docker (https://docs.docker.com/engine/install/) or Podman (https://podman.io/docs/installation), then start the resource. {Alternative}";

    private const string Alternative = "Servers that have RunAsProcess() run without a container engine.";

    private async Task<DcpInfo> AskAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(options.Value.CliPath!, ["info"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        if (options.Value.ContainerRuntime is { Length: > 0 } runtime)
        {
            start.ArgumentList.Add("--container-runtime");
            start.ArgumentList.Add(runtime);
        }

        foreach (var (name, value) in options.Value.Environment)
        {
            start.Environment[name] = value;
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(options.Value.DependencyCheckTimeout);
        using var process = Run(start);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(bound.Token);
            var output = await process.StandardOutput.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return process.ExitCode == 0 && JsonSerializer.Deserialize(output, DcpJsonContext.Default.DcpInfo) is { } info
                ? info
                : throw new DistributedApplicationException($"The Aspire engine could not look for a container engine: {(await errors).Trim()} {output.Trim()}".TrimEnd());
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException(
                $"The container engine did not answer within {options.Value.DependencyCheckTimeout.TotalSeconds:0} s (DcpPublisher:DependencyCheckTimeout).", exception);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Run(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new DistributedApplicationException($"The Aspire engine '{start.FileName}' cannot be run: {exception.Message}", exception);
        }
    }
}

/// <summary>What <c>dcp info</c> prints.</summary>
internal sealed record DcpInfo(string? Version, DcpRuntimeInfo? Containers);

/// <summary>What DCP knows about the container engine.</summary>
internal sealed record DcpRuntimeInfo(string? Runtime, string? HostName, bool Installed, bool Running, string? Error);
