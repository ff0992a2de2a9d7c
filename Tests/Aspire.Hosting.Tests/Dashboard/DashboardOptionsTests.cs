using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

public sealed class DashboardOptionsTests
{
    [Fact]
    public void Without_settings_the_dashboard_is_at_18888_and_all_else_is_dynamic_and_secured()
    {
        using var options = Options();

        Assert.Equal("http://localhost:18888", options.FrontendUrl);
        Assert.Matches(@"^http://127\.0\.0\.1:\d+$", options.OtlpGrpcUrl);
        Assert.Matches(@"^http://127\.0\.0\.1:\d+$", options.OtlpHttpUrl);
        string?[] secrets = [options.BrowserToken, options.OtlpApiKey, options.TelemetryApiKey, options.ResourceServiceApiKey];
        Assert.All(secrets, secret => Assert.True(secret!.Length >= 20));
        Assert.Equal(secrets.Length, secrets.Distinct().Count());
        Assert.Equal($"http://localhost:18888/login?t={options.BrowserToken}", options.LoginUrl);
    }

    [Fact]
    public void Ports_are_the_systems_when_those_of_the_resources_are()
    {
        using var options = Options(("DcpPublisher:RandomizePorts", "true"), ("ASPNETCORE_URLS", "http://localhost:18888"));

        Assert.Matches(@"^http://localhost:\d+$", options.FrontendUrl);
        Assert.NotEqual("http://localhost:18888", options.FrontendUrl);
    }

    [Fact]
    public void Settings_win()
    {
        using var options = Options(
            ("ASPNETCORE_URLS", "https://localhost:1234;http://localhost:1235"),
            ("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:4317"),
            ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "http://localhost:4318"),
            ("AppHost:BrowserToken", "a b"),
            ("AppHost:OtlpApiKey", "otlp"),
            ("ASPIRE_DASHBOARD_PATH", "/elsewhere"));

        Assert.Equal(["https://localhost:1234", "http://localhost:1235"], options.FrontendUrls);
        Assert.Equal("https://localhost:1234/login?t=a%20b", options.LoginUrl);
        Assert.Equal(("http://localhost:4317", "http://localhost:4318"), (options.OtlpGrpcUrl, options.OtlpHttpUrl));
        Assert.Equal(("otlp", "/elsewhere"), (options.OtlpApiKey, options.Path));
    }

    [Fact]
    public void Anonymous_use_switches_the_tokens_off_but_not_the_key_between_dashboard_and_AppHost()
    {
        using var options = Options(("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "true"), ("AppHost:BrowserToken", "token"));

        Assert.Null(options.BrowserToken);
        Assert.Null(options.OtlpApiKey);
        Assert.Null(options.TelemetryApiKey);
        Assert.Equal(options.FrontendUrl, options.LoginUrl);
        Assert.NotEmpty(options.ResourceServiceApiKey);
    }

    [Theory]
    [InlineData("http://*:5000")]
    [InlineData("http://+:5000")]
    [InlineData("http://0.0.0.0:5000")]
    [InlineData("http://[::]:5000")]
    public void A_dashboard_on_every_address_is_printed_with_one_that_a_browser_can_open(string url)
    {
        using var options = Options(("ASPNETCORE_URLS", url));

        Assert.Equal([url], options.FrontendUrls);
        Assert.Equal("http://localhost:5000", options.FrontendUrl);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "18888")]
    [InlineData("ASPNETCORE_URLS", ";")]
    [InlineData("ASPNETCORE_URLS", "ftp://localhost:1")]
    [InlineData("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "localhost:4317")]
    public void A_setting_that_is_no_URL_is_named(string setting, string value)
    {
        var exception = Assert.Throws<DistributedApplicationException>(() => Options((setting, value)));

        Assert.Contains(setting, exception.Message, StringComparison.Ordinal);
        Assert.Contains(value, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reserved_port_is_given_to_nobody_by_chance_and_to_whom_knows_it()
    {
        using var options = Options();
        var port = new Uri(options.OtlpGrpcUrl).Port;

        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        using var client = new TcpClient();
        client.Connect(IPAddress.Loopback, port);
        Assert.True(client.Connected);
        Assert.NotEqual(new Uri(options.OtlpGrpcUrl).Port, new Uri(options.OtlpHttpUrl).Port);
    }

    private static DashboardOptions Options(params (string Setting, string Value)[] settings) => new(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Setting, setting.Value)))
            .Build(),
        restoredPath: null);
}
