using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Trellis.Hosting.Testing;

namespace Aspire.Hosting;

/// <summary>Waits for resources in tests, and says why the waiting was in vain.</summary>
public static class ResourceWaitingExtensions
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Waits until a resource runs and all its health checks pass, in all its replicas.</summary>
    /// <param name="application">The application, started or being started.</param>
    /// <param name="resourceName">The name of the resource.</param>
    /// <param name="timeout">How long to wait; 60 s when left out.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ArgumentException">There is no such resource.</exception>
    /// <exception cref="ResourceNotHealthyException">
    /// It has ended or could not be started, or the time is over. The message says how it and what it waits for fare, with the last lines of their logs.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the message says the same.</exception>
    public static Task WaitForHealthyAsync(
        this DistributedApplication application, string resourceName, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        var resource = ResourceNames.Find(Model(application), resourceName);
        return WaitAsync(application, [resource], mayEnd: false, timeout ?? DefaultTimeout, start: null, cancellationToken);
    }

    /// <summary>
    /// Starts the application and waits until every project, executable and container is healthy or has ended with exit code 0. Those with
    /// <c>WithExplicitStart()</c> are not waited for.
    /// </summary>
    /// <param name="application">The application.</param>
    /// <param name="timeout">How long start and waiting may take together; 60 s when left out.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ResourceNotHealthyException">
    /// One has failed, or the time is over. The message says how those that are not healthy fare, with the last lines of their logs.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the message says the same.</exception>
    public static Task StartHealthyAsync(this DistributedApplication application, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        return WaitAsync(application, resources: null, mayEnd: true, timeout ?? DefaultTimeout, application.StartAsync, cancellationToken);
    }

    /// <summary>How resources fare: state, exit code, health checks and the last lines of log of each. For the output of a test that has failed.</summary>
    /// <param name="application">The application.</param>
    /// <param name="resourceNames">The names of the resources; all when left out.</param>
    /// <exception cref="ArgumentException">There is no such resource.</exception>
    public static async Task<string> DescribeResourcesAsync(this DistributedApplication application, params string[] resourceNames)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(resourceNames);
        var model = Model(application);
        var resources = resourceNames.Length == 0
            ? model.Where(resource => resource is not ParameterResource)
            : resourceNames.Select(name => ResourceNames.Find(model, name));
        var report = new ResourceReport(application);
        return await report.DescribeAsync(resources, await report.StatesAsync().ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task WaitAsync(
        DistributedApplication application,
        IReadOnlyList<IResource>? resources,
        bool mayEnd,
        TimeSpan timeout,
        Func<CancellationToken, Task>? start,
        CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(timeout);
        string problem;
        try
        {
            if (start is not null)
            {
                await start(over.Token).ConfigureAwait(false);
            }

            // Only now is the model what runs.
            resources ??= [.. Model(application).Where(StartsByItself)];
            if (resources.Count == 0)
            {
                return;
            }

            if (await FirstFailureAsync(application, resources, mayEnd, over.Token).ConfigureAwait(false) is not { } failed)
            {
                return;
            }

            var end = $"{failed.Snapshot.State!.Text}{(failed.Snapshot.ExitCode is { } code ? $", exit code {code}" : "")}";
            throw new ResourceNotHealthyException(await ComplaintAsync(
                application, $"Resource '{failed.Resource.Name}' will not become healthy any more: {end}.", [failed.Resource]).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            problem = cancellationToken.IsCancellationRequested ? "before the waiting was cancelled"
                : over.IsCancellationRequested ? string.Create(CultureInfo.InvariantCulture, $"within {timeout.TotalSeconds:0.###} s")
                : "before the application stopped";
        }

        resources ??= [.. Model(application).Where(StartsByItself)];
        var what = resources.Count == 1 ? $"Resource '{resources[0].Name}' did" : "Some resources did";
        var message = await ComplaintAsync(application, $"{what} not become healthy {problem}.", resources).ConfigureAwait(false);
        throw cancellationToken.IsCancellationRequested ? new OperationCanceledException(message, cancellationToken) : new ResourceNotHealthyException(message);
    }

    /// <summary>Waits until all instances of all resources are healthy at the same time.</summary>
    /// <returns>The first that will not be any more; null when all are.</returns>
    private static async Task<ResourceEvent?> FirstFailureAsync(
        DistributedApplication application, IReadOnlyList<IResource> resources, bool mayEnd, CancellationToken cancellationToken)
    {
        var missing = resources.ToDictionary(resource => resource, resource => resource.GetReplicaCount());
        var good = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var stopping = application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        await foreach (var change in application.ResourceNotifications.WatchAsync(either.Token).ConfigureAwait(false))
        {
            if (!missing.ContainsKey(change.Resource))
            {
                continue;
            }

            if (change.Snapshot.HealthStatus == HealthStatus.Healthy || (mayEnd && HasEndedWell(change.Snapshot)))
            {
                missing[change.Resource] -= good.Add(change.ResourceId) ? 1 : 0;
            }
            else if (IsOver(change.Snapshot))
            {
                return change;
            }
            else
            {
                missing[change.Resource] += good.Remove(change.ResourceId) ? 1 : 0;
            }

            if (missing.Values.All(count => count <= 0))
            {
                return null;
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    private static async Task<string> ComplaintAsync(DistributedApplication application, string problem, IReadOnlyList<IResource> resources)
    {
        var report = new ResourceReport(application);
        var states = await report.StatesAsync().ConfigureAwait(false);
        var model = Model(application);
        var unwell = states.Where(state => state.Snapshot.HealthStatus != HealthStatus.Healthy && !HasEndedWell(state.Snapshot))
            .Select(state => state.Resource)
            .ToHashSet(ReferenceEqualityComparer.Instance);
        var told = resources.SelectMany(resource => ResourceDependencies.WaitsOf(resource, model))
            .Distinct()
            .Where(resource => resource is not ParameterResource && (unwell.Contains(resource) || (resources.Count == 1 && resource == resources[0])));
        return $"{problem}{Environment.NewLine}{Environment.NewLine}{await report.DescribeAsync(told, states).ConfigureAwait(false)}";
    }

    private static bool StartsByItself(IResource resource) =>
        resource is ProjectResource or ExecutableResource or ContainerResource
        && !resource.Annotations.OfType<ExplicitStartupAnnotation>().Any()
        && resource.Annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot.IsHidden != true;

    private static bool HasEndedWell(CustomResourceSnapshot snapshot) => IsOver(snapshot) && snapshot.ExitCode == 0;

    private static bool IsOver(CustomResourceSnapshot snapshot) =>
        snapshot.State is { Text: var state } && KnownResourceStates.TerminalStates.Contains(state, StringComparer.OrdinalIgnoreCase);

    private static IReadOnlyList<IResource> Model(DistributedApplication application) =>
        [.. application.Services.GetRequiredService<DistributedApplicationModel>().Resources];
}
