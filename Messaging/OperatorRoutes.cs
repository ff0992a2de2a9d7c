using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Trellis.Messaging.Transport;
using Trellis.ServiceDefaults.Errors;
using Trellis.ServiceDefaults.Management;

namespace Trellis.Messaging;

/// <summary>What routes for operators have in common.</summary>
internal static class OperatorRoutes
{
    /// <summary>Lets nobody else in: the management port, a token with the scope, or anybody in Development.</summary>
    public static void ForOperators(this RouteHandlerBuilder route, string scope) => route.AddEndpointFilter((context, next) =>
    {
        var services = context.HttpContext.RequestServices;
        return services.GetRequiredService<IHostEnvironment>().IsDevelopment() || services.GetRequiredService<Operators>().IsOne(context.HttpContext, scope)
            ? next(context)
            : ValueTask.FromResult<object?>(TypedResults.Problem(
                statusCode: context.HttpContext.User.Identity?.IsAuthenticated == true ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized,
                detail: $"This is for operators: a token with the scope {scope}, or the management port."));
    });

    /// <summary>Asks the broker; while it is away the answer is 503.</summary>
    public static async Task<TAnswer> AskAsync<TAnswer>(Func<Task<TAnswer>> ask)
    {
        try
        {
            return await ask();
        }
        catch (TransportUnavailableException absent)
        {
            throw new DependencyUnavailableException(absent.Message, retryAfter: null, absent);
        }
    }
}
