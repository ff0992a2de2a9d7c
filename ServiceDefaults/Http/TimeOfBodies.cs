using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Trellis.ServiceDefaults.Http;

/// <summary>
/// Bounds the reading of an answer's body, which begins when the limits of the call are behind it: a client gives up when it has taken as long as the
/// call and one attempt together.
/// </summary>
internal sealed class TimeOfBodies(IOptionsMonitor<HttpClientSettings> settings) : IConfigureNamedOptions<HttpClientFactoryOptions>
{
    public void Configure(HttpClientFactoryOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, HttpClientFactoryOptions options) => options.HttpClientActions.Insert(0, client =>
    {
        var own = settings.Get(name ?? Options.DefaultName);
        client.Timeout = own.Timeout + own.AttemptTimeout;
    });
}
