using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A service that runs outside of the application.</summary>
public sealed class ExternalServiceResource : Resource
{
    /// <summary>A service at a known address.</summary>
    /// <param name="name">The name.</param>
    /// <param name="uri">The address: absolute, without query and fragment.</param>
    /// <exception cref="ArgumentException">The address is relative, or has a query or a fragment.</exception>
    public ExternalServiceResource(string name, Uri uri)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (Problem(uri) is { } problem)
        {
            throw new ArgumentException($"The address '{uri}' of the external service '{name}' {problem}.", nameof(uri));
        }

        Uri = uri;
    }

    /// <summary>A service whose address is a parameter.</summary>
    /// <param name="name">The name.</param>
    /// <param name="urlParameter">The parameter; its value is an absolute address without query and fragment.</param>
    public ExternalServiceResource(string name, ParameterResource urlParameter)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(urlParameter);
        UrlParameter = urlParameter;
    }

    /// <summary>The address; null where a parameter holds it.</summary>
    public Uri? Uri { get; }

    /// <summary>The parameter that holds the address; null where the address is known.</summary>
    public ParameterResource? UrlParameter { get; }

    /// <summary>The address, also of a parameter.</summary>
    /// <exception cref="DistributedApplicationException">The parameter's value is no address that can be used.</exception>
    internal async ValueTask<Uri> GetUriAsync(CancellationToken cancellationToken)
        => Uri ?? (TryParse(await UrlParameter!.GetValueAsync(cancellationToken).ConfigureAwait(false), out var uri, out var problem)
            ? uri
            : throw new DistributedApplicationException(
                $"The value of parameter '{UrlParameter.Name}', the address of the external service '{Name}', {problem}."));

    internal static bool TryParse(string? url, [NotNullWhen(true)] out Uri? uri, [NotNullWhen(false)] out string? problem)
    {
        // On Unix "/path" is an absolute file URI to Uri.
        problem = Uri.TryCreate(url, UriKind.Absolute, out uri) && url?.StartsWith('/') == false ? Problem(uri) : "must be an absolute URL";
        return problem is null;
    }

    private static string? Problem(Uri uri) => uri switch
    {
        { IsAbsoluteUri: false } => "must be an absolute URL",
        { Fragment.Length: > 0 } => "must have no fragment",
        { Query.Length: > 0 } => "must have no query",
        _ => null,
    };
}
