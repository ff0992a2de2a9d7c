using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Trellis.ServiceDefaults.Requests;

/// <summary>
/// Tells browsers to make nothing of an answer but what it says it is (OWASP REST Security Cheat Sheet). A service that serves pages sets its
/// own; what it sets stays.
/// </summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // At the end, because an error clears what was set before it.
        context.Response.OnStarting(static state => Add((HttpContext)state), context);
        return next(context);
    });

    private static Task Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.TryAdd("X-Content-Type-Options", "nosniff");
        headers.TryAdd("X-Frame-Options", "DENY");
        headers.TryAdd("Referrer-Policy", "no-referrer");
        headers.TryAdd("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        if (context.Request.IsHttps)
        {
            headers.TryAdd("Strict-Transport-Security", "max-age=31536000");
        }

        return Task.CompletedTask;
    }
}
