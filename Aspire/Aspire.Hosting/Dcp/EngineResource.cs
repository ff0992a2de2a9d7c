using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>A resource of the model that runs as one or more processes, or as a container.</summary>
internal sealed class EngineResource
{
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Takes a resource of the model.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="persistentSuffix">What ends the name of a container that outlives the AppHost, the same in every run.</param>
    public EngineResource(IResource resource, string persistentSuffix = "persistent")
    {
        Resource = resource;
        IsContainer = resource.IsContainer();
        // New with every run: telemetry and logs tell one run's instance from the next one's.
        Instances = [.. Enumerable.Range(0, resource.GetReplicaCount()).Select(_ => new EngineInstance(this, InstanceName(resource, persistentSuffix)))];
        Endpoints = [.. resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new ServedEndpoint(endpoint, NewName($"{resource.Name}-{endpoint.Name}")))];
        foreach (var earlier in resource.Annotations.OfType<ResourceInstancesAnnotation>().ToList())
        {
            resource.Annotations.Remove(earlier);
        }

        resource.Annotations.Add(new ResourceInstancesAnnotation([.. Instances.Select(instance => instance.Id)]));
    }

    public IResource Resource { get; }

    public bool IsContainer { get; }

    public IReadOnlyList<EngineInstance> Instances { get; }

    public IReadOnlyList<ServedEndpoint> Endpoints { get; }

    /// <summary>Whether resources of this kind run as processes or containers; all others see to themselves.</summary>
    public static bool Runs(IResource resource) => resource is ProjectResource or ExecutableResource || resource.IsContainer();

    private static string InstanceName(IResource resource, string persistentSuffix) =>
        resource.TryGetLastAnnotation<ContainerNameAnnotation>(out var name) ? ToId(name.Name)
        : resource.IsPersistent() ? $"{resource.Name.ToLowerInvariant()}-{persistentSuffix}"
        : NewName(resource.Name);

    // DCP's names are stricter than those of container engines.
    private static string ToId(string name) =>
        new string([.. name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]).Trim('-');

    private static string NewName(string prefix) => $"{prefix.ToLowerInvariant()}-{RandomNumberGenerator.GetString(IdLetters, 8)}";
}

/// <summary>One process or container of a resource: its id, which is DCP's name for it, and what is to be known about its present life.</summary>
internal sealed class EngineInstance(EngineResource resource, string id) : IDisposable
{
    private readonly HashSet<string> _formerLives = new(StringComparer.Ordinal);
    private bool _isStopped;

    public EngineResource Owner { get; } = resource;

    public string Id { get; } = id;

    /// <summary>What tells the instance from others of its resource. In telemetry it is the instance's id: the dashboard puts the name before it.</summary>
    public string Suffix => Id[(Id.LastIndexOf('-') + 1)..];

    /// <summary>Held while the instance is started or stopped.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>What DCP last told; null before the first start and after the object was deleted.</summary>
    public IDcpWorkload? Seen { get; set; }

    /// <summary>Whether the present life was ended by a command; volatile because the watcher reads it while the command runs.</summary>
    public bool IsStopped
    {
        get => Volatile.Read(ref _isStopped);
        set => Volatile.Write(ref _isStopped, value);
    }

    /// <summary>What DCP still tells about this object is not about the instance's present life.</summary>
    public void Bury(IDcpWorkload life)
    {
        lock (_formerLives)
        {
            _formerLives.Add(life.Metadata.Uid!);
        }

        Seen = null;
    }

    public bool IsBuried(IDcpWorkload life)
    {
        lock (_formerLives)
        {
            return _formerLives.Contains(life.Metadata.Uid!);
        }
    }

    public void Dispose() => Gate.Dispose();
}
