using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>A resource of the model that runs as one or more processes.</summary>
internal sealed class EngineResource
{
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz0123456789";

    public EngineResource(IResource resource)
    {
        Resource = resource;
        // New with every run: telemetry and logs tell one run's instance from the next one's.
        Instances = [.. Enumerable.Range(0, resource.GetReplicaCount()).Select(_ => new EngineInstance(this, NewName(resource.Name)))];
        Endpoints = [.. resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new ServedEndpoint(endpoint, NewName($"{resource.Name}-{endpoint.Name}")))];
        foreach (var earlier in resource.Annotations.OfType<ResourceInstancesAnnotation>().ToList())
        {
            resource.Annotations.Remove(earlier);
        }

        resource.Annotations.Add(new ResourceInstancesAnnotation([.. Instances.Select(instance => instance.Id)]));
    }

    public IResource Resource { get; }

    public IReadOnlyList<EngineInstance> Instances { get; }

    public IReadOnlyList<ServedEndpoint> Endpoints { get; }

    /// <summary>Whether resources of this kind run as processes; all others see to themselves.</summary>
    public static bool Runs(IResource resource) => resource is ProjectResource or ExecutableResource;

    private static string NewName(string prefix) => $"{prefix.ToLowerInvariant()}-{RandomNumberGenerator.GetString(IdLetters, 8)}";
}

/// <summary>One process of a resource: its id, which is DCP's name for it, and what is to be known about its present life.</summary>
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
    public DcpExecutable? Seen { get; set; }

    /// <summary>Whether the present life was ended by a command; volatile because the watcher reads it while the command runs.</summary>
    public bool IsStopped
    {
        get => Volatile.Read(ref _isStopped);
        set => Volatile.Write(ref _isStopped, value);
    }

    /// <summary>What DCP still tells about this object is not about the instance's present life.</summary>
    public void Bury(DcpExecutable executable)
    {
        lock (_formerLives)
        {
            _formerLives.Add(executable.Metadata.Uid!);
        }

        Seen = null;
    }

    public bool IsBuried(DcpExecutable executable)
    {
        lock (_formerLives)
        {
            return _formerLives.Contains(executable.Metadata.Uid!);
        }
    }

    public void Dispose() => Gate.Dispose();
}
