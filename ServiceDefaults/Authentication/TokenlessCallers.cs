using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Trellis.ServiceDefaults.Authentication;

/// <summary>
/// Says at once that a caller without an Authorization header is nobody, which is what the bearer handler would say after it had been made and asked. All
/// else, a challenge included, is the framework's.
/// </summary>
internal sealed class TokenlessCallers(
    Type framework, IOptions<AuthenticationOptions> schemes, IOptionsMonitor<JwtBearerOptions> bearer) : IAuthenticationService
{
    private static readonly Task<AuthenticateResult> Nobody = Task.FromResult(AuthenticateResult.NoResult());
    private static readonly Func<MessageReceivedContext, Task> ReadsTheHeader = new JwtBearerEvents().OnMessageReceived;

    private readonly Lazy<bool> _onlyHeadersCount = new(() => OnlyHeadersCount(schemes.Value, bearer.Get(JwtBearerDefaults.AuthenticationScheme)));

    public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme) =>
        scheme == JwtBearerDefaults.AuthenticationScheme && StringValues.IsNullOrEmpty(context.Request.Headers.Authorization) && _onlyHeadersCount.Value
            ? Nobody
            : Framework(context).AuthenticateAsync(context, scheme);

    public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        Framework(context).ChallengeAsync(context, scheme, properties);

    public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        Framework(context).ForbidAsync(context, scheme, properties);

    public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        Framework(context).SignInAsync(context, scheme, principal, properties);

    public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        Framework(context).SignOutAsync(context, scheme, properties);

    // A service may take tokens from elsewhere (a query string, a cookie) or hand the scheme on to another one.
    private static bool OnlyHeadersCount(AuthenticationOptions schemes, JwtBearerOptions bearer) =>
        schemes.SchemeMap.TryGetValue(JwtBearerDefaults.AuthenticationScheme, out var scheme)
        && scheme.HandlerType == typeof(JwtBearerHandler)
        && bearer is { EventsType: null, ForwardDefault: null, ForwardAuthenticate: null, ForwardDefaultSelector: null }
        && (bearer.Events is null || (bearer.Events.GetType() == typeof(JwtBearerEvents) && bearer.Events.OnMessageReceived == ReadsTheHeader));

    private IAuthenticationService Framework(HttpContext context) => (IAuthenticationService)context.RequestServices.GetRequiredService(framework);
}
