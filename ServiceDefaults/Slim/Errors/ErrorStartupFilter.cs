using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Trellis.ServiceDefaults.Errors;

/// <summary>
/// Puts the error handlers around the whole pipeline. Middleware added to a <see cref="WebApplication"/> would run after routing and
/// authentication, and a 401 would have no body.
/// </summary>
internal sealed class ErrorStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        next(app);
    };
}
