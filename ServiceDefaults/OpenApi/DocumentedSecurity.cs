using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Trellis.ServiceDefaults.Authentication;

namespace Trellis.ServiceDefaults.OpenApi;

/// <summary>Says in the document which operations need a bearer token, and with which scopes.</summary>
internal sealed class DocumentedSecurity : IOpenApiOperationTransformer
{
    private const string Scheme = "bearer";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (context.Document is not { } document || metadata.Any(item => item is IAllowAnonymous) || !metadata.Any(item => item is IAuthorizeData or AuthorizationPolicy))
        {
            return Task.CompletedTask;
        }

        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = Scheme, BearerFormat = "JWT" };
        operation.Security =
        [
            new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(Scheme, document)] = [.. metadata.OfType<RequiredScope>().Select(required => required.Scope).Distinct(StringComparer.Ordinal)],
            },
        ];
        return Task.CompletedTask;
    }
}
