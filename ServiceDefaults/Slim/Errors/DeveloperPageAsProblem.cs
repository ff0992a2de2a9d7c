using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Trellis.ServiceDefaults.Errors;

/// <summary>
/// The web host adds the developer exception page in Development by itself. A caller gets the same problem as in production instead;
/// the exception is in the log and in the trace.
/// </summary>
internal sealed class DeveloperPageAsProblem(IProblemDetailsService problems) : IDeveloperPageExceptionFilter
{
    public async Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next)
    {
        var response = errorContext.HttpContext.Response;
        response.StatusCode = UnhandledException.StatusCode(errorContext.Exception);
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = errorContext.HttpContext, Exception = errorContext.Exception });
    }
}
