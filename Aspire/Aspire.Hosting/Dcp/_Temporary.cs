// Placeholder until the engine is merged: delete this file then.
namespace Aspire.Hosting.Dcp;

internal static class TemporaryDcpExtensions
{
    public static Microsoft.Extensions.DependencyInjection.IServiceCollection AddDcpEngine(this Microsoft.Extensions.DependencyInjection.IServiceCollection services) => services;
}
