using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Trellis.ServiceDefaults.Errors;

internal static class ErrorRegistration
{
    public static void AddDefaultErrors(this IServiceCollection services)
    {
        // Before AddProblemDetails: the first writer that can write does, and the framework's refuses callers that accept no JSON.
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddSingleton<IStartupFilter, ErrorStartupFilter>();
        services.AddSingleton<IDeveloperPageExceptionFilter, DeveloperPageAsProblem>();
        services.Configure<ExceptionHandlerOptions>(handler =>
        {
            handler.StatusCodeSelector = UnhandledException.StatusCode;
            // A caller's mistake is no error of ours: neither in the log nor in the metrics.
            handler.SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException;
        });
        // As in Development: bad requests reach the handler as exceptions, whose message says what was wrong with the request.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }
}
