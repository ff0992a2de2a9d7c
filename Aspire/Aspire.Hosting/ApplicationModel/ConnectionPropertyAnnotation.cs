namespace Aspire.Hosting.ApplicationModel;

/// <summary>One more part of a connection string, or another value of one, that references hand over.</summary>
/// <param name="name">The part's name, such as Host.</param>
/// <param name="referenceExpression">Its value.</param>
public sealed class ConnectionPropertyAnnotation(string name, ReferenceExpression referenceExpression) : IResourceAnnotation
{
    /// <summary>The part's name, such as Host.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>Its value.</summary>
    public ReferenceExpression Value { get; } = referenceExpression ?? throw new ArgumentNullException(nameof(referenceExpression));
}
