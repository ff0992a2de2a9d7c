using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Trellis.ServiceDefaults.Correlation;

/// <summary>
/// Takes the caller's correlation id in: the answer, the span, the log lines and the calls to others have it. One that is not well formed is passed
/// over. A request without one costs nothing.
/// </summary>
internal sealed class CorrelationStartupFilter(ILogger<CorrelationStartupFilter> logger) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => context =>
            context.Request.Headers.TryGetValue(CorrelationId.Header, out var values) && values is [var id] && CorrelationId.IsWellFormed(id)
                ? CorrelateAsync(context, id!, following)
                : following(context));
        next(app);
    };

    private async Task CorrelateAsync(HttpContext context, string id, RequestDelegate following)
    {
        Activity.Current?.SetBaggage(CorrelationId.Name, id).SetTag(CorrelationId.Name, id);

        // When the answer begins: an error clears what was set before.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[CorrelationId.Header] = id;
            return Task.CompletedTask;
        });
        using (logger.BeginScope(new KeyValuePair<string, object?>[] { new(CorrelationId.Name, id) }))
        {
            await following(context);
        }
    }
}
