namespace Aspire.Hosting.ApplicationModel;

/// <summary>One property of an endpoint, to be used before it is known.</summary>
/// <param name="endpointReference">The endpoint.</param>
/// <param name="property">The property.</param>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IExpressionValue, IValueWithReferences
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference ?? throw new ArgumentNullException(nameof(endpointReference));

    /// <summary>The property.</summary>
    public EndpointProperty Property { get; } = property;

    /// <summary>The expression of the manifest.</summary>
    public string ValueExpression => Endpoint.GetExpression(Property);

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    /// <summary>The value; waits until the endpoint is allocated.</summary>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
        => GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <summary>The value as the caller's network sees it; waits until the endpoint is allocated there.</summary>
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var endpoint = Endpoint.EndpointAnnotation;
        if (Property == EndpointProperty.Scheme)
        {
            return endpoint.UriScheme;
        }

        if (Property == EndpointProperty.TargetPort && endpoint.TargetPort is { } fixedPort)
        {
            return fixedPort.ToString();
        }

        var snapshot = context.IsInContainer() ? endpoint.ContainerAllocatedEndpointSnapshot : endpoint.AllocatedEndpointSnapshot;
        var allocated = await snapshot.GetValueAsync(cancellationToken).ConfigureAwait(false);
        return Property switch
        {
            EndpointProperty.Url => allocated.UriString,
            EndpointProperty.Host => allocated.Address,
            EndpointProperty.IPV4Host => allocated.Address == "localhost" ? "127.0.0.1" : allocated.Address,
            EndpointProperty.Port => allocated.Port.ToString(),
            EndpointProperty.TargetPort => allocated.TargetPortExpression ?? allocated.Port.ToString(),
            EndpointProperty.HostAndPort => allocated.EndPointString,
            _ => throw new InvalidOperationException($"The property '{Property}' is not supported for the endpoint '{Endpoint.EndpointName}'."),
        };
    }
}
