using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Base of all resources.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Name = {Name}")]
public abstract class Resource : IResource
{
    /// <summary>Creates the resource.</summary>
    /// <param name="name">One to 64 ASCII letters, digits and single hyphens; the first is a letter, the last is no hyphen.</param>
    /// <exception cref="ArgumentException">The name breaks one of these rules.</exception>
    protected Resource(string name)
    {
        ModelName.Validate("resource", name);
        Name = name;
    }

    /// <inheritdoc />
    public virtual string Name { get; }

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}
