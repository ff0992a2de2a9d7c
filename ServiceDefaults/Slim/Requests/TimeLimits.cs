using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Trellis.ServiceDefaults.Requests;

/// <summary>
/// Answers 504 when a request takes longer than <see cref="RequestSettings.Timeout"/>. An endpoint that says itself how long it may take
/// (<c>WithRequestTimeout</c>, <c>DisableRequestTimeout</c>) is left to the framework, which starts and stops a timer for every request: for all of them
/// that would cost more than everything else that is done to a request before it reaches its endpoint.
/// </summary>
internal static class TimeLimits
{
    public static void UseTimeLimits(this IApplicationBuilder app)
    {
        var duration = app.ApplicationServices.GetRequiredService<IOptions<RequestSettings>>().Value.Timeout;
        var time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        app.Use((context, next) =>
        {
            // Whoever stands still in a debugger has all the time there is.
            if (Debugger.IsAttached || HasItsOwn(context.GetEndpoint()) || context.Features.Get<IHttpRequestLifetimeFeature>() is not { } connection)
            {
                return next(context);
            }

            var limit = new TimeLimit(connection, duration, time);
            context.Features.Set<IHttpRequestLifetimeFeature>(limit);
            context.Features.Set<IHttpRequestTimeoutFeature>(limit);
            Task answer;
            try
            {
                answer = next(context);
            }
            catch
            {
                End(context, limit);
                throw;
            }

            if (answer.IsCompletedSuccessfully)
            {
                End(context, limit);
                return answer;
            }

            return WaitAsync(context, limit, answer);
        });
        app.UseRequestTimeouts();
    }

    private static async Task WaitAsync(HttpContext context, TimeLimit limit, Task answer)
    {
        limit.Start();
        try
        {
            await answer;
        }
        catch (OperationCanceledException)
            when (limit.HasExpired && !limit.Connection.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        }
        finally
        {
            End(context, limit);
        }
    }

    // The answer to an error is still to be written, and the time for that is not over.
    private static void End(HttpContext context, TimeLimit limit)
    {
        context.Features.Set<IHttpRequestTimeoutFeature>(null);
        context.Features.Set(limit.Connection);
        limit.Dispose();
    }

    private static bool HasItsOwn(Endpoint? endpoint) => endpoint?.Metadata is { } metadata
        && (metadata.GetMetadata<RequestTimeoutAttribute>() is not null
            || metadata.GetMetadata<RequestTimeoutPolicy>() is not null
            || metadata.GetMetadata<DisableRequestTimeoutAttribute>() is not null);
}
