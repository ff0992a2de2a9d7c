using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Features;

namespace Shop.Identity.Tokens;

/// <summary>Lets nobody try one secret after the other: after some wrong ones, a client has to wait before it is listened to from that address again.</summary>
internal sealed class WrongSecrets(IProblemDetailsService problems) : IMiddleware, IDisposable
{
    private const int LongestClientId = 100;

    private readonly PartitionedRateLimiter<string> _guesses = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 10,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(2),
            QueueLimit = 0,
        }));

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || context.Request.Path != "/" + TokensApi.TokenPath)
        {
            await next(context);
            return;
        }

        var caller = $"{await ClientOfAsync(context.Request)} {context.Connection.RemoteIpAddress}";
        if (_guesses.GetStatistics(caller)?.CurrentAvailablePermits == 0)
        {
            await RefuseAsync(context);
            return;
        }

        await next(context);
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            _guesses.AttemptAcquire(caller).Dispose();
        }
    }

    public void Dispose() => _guesses.Dispose();

    private static async Task<string?> ClientOfAsync(HttpRequest request)
    {
        string? client = null;
        if (AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var basic))
        {
            var text = new byte[basic.Parameter?.Length ?? 0];
            client = Convert.TryFromBase64String(basic.Parameter ?? "", text, out var length)
                ? WebUtility.UrlDecode(Encoding.UTF8.GetString(text, 0, length).Split(':')[0])
                : null;
        }
        else if (request.HasFormContentType)
        {
            try
            {
                client = (await request.ReadFormAsync(request.HttpContext.RequestAborted))["client_id"];
            }
            catch (InvalidDataException)
            {
                // No form after all; the token server says so.
                request.HttpContext.Features.Set<IFormFeature>(null);
            }
        }

        return client?.Length > LongestClientId ? client[..LongestClientId] : client;
    }

    private async Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = 2.ToString(CultureInfo.InvariantCulture);
        await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = { Status = StatusCodes.Status429TooManyRequests, Detail = "Too many wrong secrets. Try again in a moment." },
        });
    }
}
