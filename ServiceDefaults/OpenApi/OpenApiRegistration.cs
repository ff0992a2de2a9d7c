using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using Trellis.ServiceDefaults.Management;

namespace Trellis.ServiceDefaults.OpenApi;

internal static class OpenApiRegistration
{
    public static void AddDefaultOpenApi(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOpenApi("v1", openApi =>
        {
            openApi.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            openApi.AddOperationTransformer(new DocumentedSecurity());
            openApi.AddOperationTransformer(new DocumentedIdempotency());
        });
        if (DocumentGeneration.IsUnderWay)
        {
            builder.ConfigureContainer(new DocumentGeneration.WithoutHostedServices());
        }
    }

    public static void MapOpenApiDocument(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapOpenApi(ManagementPaths.OpenApi + "/{documentName}.json").AllowAnonymous();
}
