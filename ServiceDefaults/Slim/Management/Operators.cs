using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Trellis.ServiceDefaults.Management;

/// <summary>
/// Who is told what the service depends on: whoever reaches the management port, which is never external, and whoever has a token with
/// the scope <c>operations.read</c>.
/// </summary>
internal sealed class Operators(IOptions<ManagementSettings> settings)
{
    public const string Scope = "operations.read";

    /// <summary>What operators need to change something.</summary>
    public const string WriteScope = "operations.write";

    public bool IsOne(HttpContext context, string scope = Scope) =>
        context.Connection.LocalPort == settings.Value.Port || context.User.HasScope(scope);
}
