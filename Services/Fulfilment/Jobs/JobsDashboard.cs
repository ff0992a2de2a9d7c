using Hangfire;
using Hangfire.Dashboard;
using Microsoft.Extensions.Options;
using Trellis.ServiceDefaults.Management;

namespace Shop.Fulfilment.Jobs;

/// <summary>
/// Hangfire's dashboard, for operators as the dead letters are: with <c>Management:Port</c> set it answers on that port only; elsewhere it demands a token with
/// the scope <c>operations.read</c>, and <c>operations.write</c> to change something. In Development it is open.
/// </summary>
internal sealed class JobsDashboard : IDashboardAuthorizationFilter
{
    private const string Path = "/jobs";
    private const string ReadScope = "operations.read";
    private const string WriteScope = "operations.write";

    /// <summary>What the pages load is theirs; the defaults of every service, which has no pages, allow nothing.</summary>
    private const string ContentSecurity =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapHangfireDashboard(Path, new DashboardOptions
        {
            Authorization = [new JobsDashboard()],
            IsReadOnlyFunc = context => !IsOperator(context.GetHttpContext(), WriteScope),
            DashboardTitle = "Jobs of Fulfilment",
            DisplayStorageConnectionString = false,
            AppPath = null,
        }).AllowAnonymous().ExcludeFromDescription();

    public bool Authorize(DashboardContext context)
    {
        var http = context.GetHttpContext();
        http.Response.Headers.ContentSecurityPolicy = ContentSecurity;
        return (IsOperator(http, ReadScope) || IsOperator(http, WriteScope)) && !IsFromElsewhere(http.Request);
    }

    // Who reaches the management port needs no token, so another site's page in his browser must not press the buttons for him.
    private static bool IsFromElsewhere(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none");

    private static bool IsOperator(HttpContext http, string scope) =>
        http.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment()
        || http.Connection.LocalPort == http.RequestServices.GetRequiredService<IOptions<ManagementSettings>>().Value.Port
        || http.User.HasScope(scope);
}
