namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that clients reach by a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IExpressionValue, IValueWithReferences
{
    /// <summary>The connection string as an expression.</summary>
    ReferenceExpression ConnectionStringExpression { get; }

    /// <summary>The environment variable to use instead of <c>ConnectionStrings__name</c>; null for that one.</summary>
    string? ConnectionStringEnvironmentVariable => null;

    /// <summary>The connection string; waits until all of its parts are known.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default)
        => ConnectionStringExpression.GetValueAsync(cancellationToken);

    /// <summary>The parts by name (Host, Port, Username ...), for clients that take no connection string.</summary>
    IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() => [];

    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

    IEnumerable<object> IValueWithReferences.References => [ConnectionStringExpression];

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetConnectionStringAsync(cancellationToken);

    ValueTask<string?> IValueProvider.GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
        => context.IsInContainer() ? ConnectionStringExpression.GetValueAsync(context, cancellationToken) : GetConnectionStringAsync(cancellationToken);
}
