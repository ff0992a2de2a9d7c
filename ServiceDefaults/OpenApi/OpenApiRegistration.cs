using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Trellis.ServiceDefaults.OpenApi;

internal static class OpenApiRegistration
{
    public const string PathPrefix = "/openapi";

    public static void AddDefaultOpenApi(this IServiceCollection services) =>
        services.AddOpenApi("v1", openApi => openApi.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1);

    public static void MapOpenApiDocument(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapOpenApi(PathPrefix + "/{documentName}.json").AllowAnonymous();
}
