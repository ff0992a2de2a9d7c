using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Microsoft.Extensions.Hosting;

/// <summary>Entity tags (RFC 9110, section 8.8.3) for endpoints that keep no revision of what they answer.</summary>
public static class EntityTagExtensions
{
    /// <summary>
    /// Gives an answer of 200 with a JSON value an <c>ETag</c> made from its content, and answers 304 to a caller whose <c>If-None-Match</c> has it. It
    /// saves the way, not the work: the endpoint runs all the same.
    /// </summary>
    /// <param name="endpoint">The endpoint; of other methods than GET and HEAD nothing is changed.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder WithEntityTag(this RouteHandlerBuilder endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.AddEndpointFilter(async (invocation, next) =>
        {
            var result = await next(invocation);
            var request = invocation.HttpContext.Request;
            return (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && ValueOf(result) is { } value
                ? Tagged(invocation.HttpContext, value)
                : result;
        });
    }

    private static object? ValueOf(object? result) => result switch
    {
        INestedHttpResult nested => ValueOf(nested.Result),
        IValueHttpResult { Value: { } value } and IStatusCodeHttpResult { StatusCode: null or StatusCodes.Status200OK } => value,
        IResult or string or null => null,
        _ => result,
    };

    private static IResult Tagged(HttpContext context, object value)
    {
        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var body = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), json);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"");
        context.Response.GetTypedHeaders().ETag = tag;
        var known = context.Request.GetTypedHeaders().IfNoneMatch;
        return known.Any(other => other.Equals(EntityTagHeaderValue.Any) || other.Compare(tag, useStrongComparison: false))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(body, "application/json; charset=utf-8");
    }
}
