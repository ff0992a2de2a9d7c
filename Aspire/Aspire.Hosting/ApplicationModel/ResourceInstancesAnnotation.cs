namespace Aspire.Hosting.ApplicationModel;

/// <summary>The ids under which the engine runs the resource; a resource without it has its name as its only id.</summary>
internal sealed class ResourceInstancesAnnotation(params string[] ids) : IResourceAnnotation
{
    public IReadOnlyList<string> Ids { get; } = ids;
}
