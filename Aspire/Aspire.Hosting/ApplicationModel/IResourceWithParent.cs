namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that lives inside another, as a database does in its server.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource that it lives in.</summary>
    IResource Parent { get; }
}

/// <summary>A resource that lives inside another of a known type.</summary>
/// <typeparam name="T">The parent's type.</typeparam>
public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    /// <summary>The resource that it lives in.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}
