using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Trellis.ServiceDefaults.Idempotency;

namespace Trellis.ServiceDefaults.OpenApi;

/// <summary>Says in the document which operations need an idempotency key.</summary>
internal sealed class DocumentedIdempotency : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.Any(item => item is IdempotencyKeyDemand))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyKeys.Header,
                In = ParameterLocation.Header,
                Required = true,
                Description = "Made by the caller, for example a UUID: the same request with the same key is carried out once.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = IdempotencyKeys.LongestKey },
            });
        }

        return Task.CompletedTask;
    }
}
