using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Trellis.ServiceDefaults.Errors;

/// <summary>
/// Writes every problem as <c>application/problem+json</c> (RFC 9457) with the <c>traceId</c>, whatever the caller accepts: a body that a
/// person can read beats an empty one.
/// </summary>
internal sealed class ProblemWriter(IOptions<ProblemDetailsOptions> problems, IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        context.ProblemDetails.Status ??= http.Response.StatusCode;
        // The framework keeps the types and titles of the status codes to itself; making a result fills them in.
        var problem = TypedResults.Problem(context.ProblemDetails).ProblemDetails;
        problem.Detail ??= UnhandledException.Detail(context.Exception);
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
        problems.Value.CustomizeProblemDetails?.Invoke(context);

        http.Response.StatusCode = problem.Status ?? http.Response.StatusCode;
        if (context.Exception is not null && http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = UnhandledException.SecondsToWait(context.Exception).ToString(CultureInfo.InvariantCulture);
        }

        await http.Response.WriteAsJsonAsync(
            problem,
            // Also native AOT knows how to write them: AddProblemDetails names them to the serializer.
            json.Value.SerializerOptions.GetTypeInfo(problem.GetType()),
            "application/problem+json",
            http.RequestAborted);
    }
}
