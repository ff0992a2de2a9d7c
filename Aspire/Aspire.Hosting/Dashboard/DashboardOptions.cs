using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Where the dashboard's binary is, where the dashboard listens and what it demands of callers. Everything is settled when this is made, before
/// any resource starts, because the services' environment tells them where to send their telemetry.
/// </summary>
internal sealed class DashboardOptions : IDisposable
{
    private readonly List<ReservedPort> _ports = [];
    private readonly bool _anyPort;
    private readonly CancellationTokenSource _absence = new();

    /// <summary>Reads the options.</summary>
    /// <param name="configuration">The AppHost's configuration.</param>
    /// <param name="restoredPath">The binary that the build restored; the setting ASPIRE_DASHBOARD_PATH wins over it.</param>
    /// <exception cref="DistributedApplicationException">A setting holds something else than a URL with http or https.</exception>
    public DashboardOptions(IConfiguration configuration, string? restoredPath)
    {
        Path = configuration["ASPIRE_DASHBOARD_PATH"] is { Length: > 0 } path ? path : restoredPath;

        // As for the resources' own ports: several runs are to fit on a machine.
        _anyPort = configuration.GetValue("DcpPublisher:RandomizePorts", defaultValue: false);
        var frontendUrls = configuration["ASPNETCORE_URLS"] is { Length: > 0 } urls ? urls : "http://localhost:18888";
        FrontendUrls = [.. frontendUrls
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(url => WithPort(url, "ASPNETCORE_URLS"))];
        if (FrontendUrls.Count == 0)
        {
            throw NotAUrl("ASPNETCORE_URLS", frontendUrls);
        }

        OtlpGrpcUrl = UrlOrReserved(configuration, "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL");
        OtlpHttpUrl = UrlOrReserved(configuration, "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL");

        if (!configuration.GetValue("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", defaultValue: false))
        {
            BrowserToken = KeyOrNew(configuration, "AppHost:BrowserToken");
            OtlpApiKey = KeyOrNew(configuration, "AppHost:OtlpApiKey");
            TelemetryApiKey = KeyOrNew(configuration, "AppHost:DashboardApiKey");
        }
    }

    /// <summary>Gets the path of <c>aspire-managed</c>; null when neither configuration nor build names one.</summary>
    public string? Path { get; }

    /// <summary>Gets the addresses that the dashboard's pages are served on, as Kestrel understands them.</summary>
    public IReadOnlyList<string> FrontendUrls { get; }

    /// <summary>Gets the URL under which a browser on this machine reaches the dashboard, without a slash at the end.</summary>
    public string FrontendUrl => Reachable(FrontendUrls[0]);

    /// <summary>Gets the URL with which a browser logs in; the same as <see cref="FrontendUrl"/> when nothing is secured.</summary>
    public string LoginUrl => BrowserToken is null ? FrontendUrl : $"{FrontendUrl}/login?t={Uri.EscapeDataString(BrowserToken)}";

    /// <summary>Gets the URL that takes OTLP over gRPC.</summary>
    public string OtlpGrpcUrl { get; }

    /// <summary>Gets the URL that takes OTLP over HTTP; exporters append v1/traces and its siblings.</summary>
    public string OtlpHttpUrl { get; }

    /// <summary>Gets what a browser has to present at /login?t=; null when anybody may see the dashboard.</summary>
    public string? BrowserToken { get; }

    /// <summary>Gets the value of the header x-otlp-api-key without which telemetry is refused; null when it is taken from anybody.</summary>
    public string? OtlpApiKey { get; }

    /// <summary>Gets the value of the header x-api-key for /api/telemetry; null when anybody may read.</summary>
    public string? TelemetryApiKey { get; }

    /// <summary>Gets the key between the dashboard and the AppHost. Both ends are ours, so there is no way to switch it off.</summary>
    public string ResourceServiceApiKey { get; } = NewKey();

    /// <summary>Gets whether there is no dashboard after all: something is in its way, or it has ended.</summary>
    public bool IsAbsent => Absence.IsCancellationRequested;

    /// <summary>Gets what is cancelled when there is no dashboard after all.</summary>
    public CancellationToken Absence => _absence.Token;

    /// <summary>Says that there is no dashboard and will be none: nobody is to send it telemetry or to wait for what is asked there.</summary>
    public void GiveUp() => _absence.Cancel();

    /// <summary>Lets go of the ports that were reserved.</summary>
    public void Dispose() => _ports.ForEach(port => port.Dispose());

    /// <summary>The URL of an address on which a server listens: one that stands for all of the machine's is reached by the name localhost.</summary>
    internal static string Reachable(string address)
    {
        var (scheme, host, port) = Parse(address) ?? throw new ArgumentException($"'{address}' is no address.", nameof(address));
        return $"{scheme}://{(host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : host)}:{port}";
    }

    /// <summary>Takes an address apart; a host may be * or +, which <see cref="Uri"/> does not know.</summary>
    internal static (string Scheme, string Host, int Port)? Parse(string address)
    {
        var concrete = address.Replace("://*", "://wildcard-star", StringComparison.Ordinal).Replace("://+", "://wildcard-plus", StringComparison.Ordinal);
        if (!Uri.TryCreate(concrete, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            return null;
        }

        var host = uri.Host switch
        {
            "wildcard-star" => "*",
            "wildcard-plus" => "+",
            var name => name,
        };
        return (uri.Scheme, host, uri.Port);
    }

    private static string KeyOrNew(IConfiguration configuration, string setting) =>
        configuration[setting] is { Length: > 0 } key ? key : NewKey();

    // 128 bits, in characters that need no escaping in a URL or a header.
    private static string NewKey() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    private static DistributedApplicationException NotAUrl(string setting, string value) =>
        new($"The setting {setting} is '{value}', which is no URL with http or https, such as http://localhost:18888.");

    private string UrlOrReserved(IConfiguration configuration, string setting) =>
        WithPort(configuration[setting] is { Length: > 0 } url ? url : "http://127.0.0.1:0", setting);

    // Port 0 means any: it is settled here, as others have to know it.
    private string WithPort(string url, string setting)
    {
        if (Parse(url) is not var (scheme, host, port))
        {
            throw NotAUrl(setting, url);
        }

        if (port == 0 || _anyPort)
        {
            var reserved = ReservedPort.OnLoopback();
            _ports.Add(reserved);
            port = reserved.Number;
        }

        return $"{scheme}://{host}:{port}";
    }
}
