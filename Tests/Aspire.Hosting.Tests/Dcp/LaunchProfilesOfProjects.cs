using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Aspire.Hosting.Tests.Dcp;

public sealed class LaunchProfilesOfProjects(WebProject web) : IClassFixture<WebProject>
{
    [Fact]
    public async Task Give_arguments_variables_and_an_endpoint_for_every_URL_as_in_Microsofts_package()
    {
        var builder = RunningApplication.CreateBuilder();
        var project = builder.AddProject("service", web.Project.ProjectPath).WithArgs("last").WithEnvironment("OVERRIDDEN", "author");
        await using var running = await RunningApplication.StartAsync(builder);

        Assert.Equal(["http", "http2"], project.Resource.GetEndpoints().Select(endpoint => endpoint.EndpointName));
        Assert.Equal("one|two words|\"q\"|{{x}}|last", await GetAsync(project.GetEndpoint("http").Url, "args"));
        Assert.Equal("hello", await GetAsync(project.GetEndpoint("http2").Url, "env/GREETING"));
        Assert.Equal("author", await GetAsync(project.GetEndpoint("http").Url, "env/OVERRIDDEN"));
        Assert.Equal("two", await GetAsync(project.GetEndpoint("http").Url, "env/DOTNET_LAUNCH_PROFILE"));
    }

    [Fact]
    public async Task With_a_name_under_localhost_show_it_first_and_open_at_the_launch_URL_as_in_Microsofts_package()
    {
        var builder = RunningApplication.CreateBuilder();
        var project = builder.AddProject("service", web.Project.ProjectPath, "named");
        await using var running = await RunningApplication.StartAsync(builder);
        var endpoint = project.GetEndpoint("http");

        Assert.Equal("named", await GetAsync(endpoint.Url, "env/DOTNET_LAUNCH_PROFILE"));
        Assert.Equal("localhost", endpoint.Host);
        var urls = (await running.WaitForAsync("service", KnownResourceStates.Running)).Urls;
        Assert.Equal(
            [($"http://shop.dev.localhost:{endpoint.Port}/docs", false), ($"http://localhost:{endpoint.Port}/docs", true)],
            urls.Select(url => (url.Url, url.IsInternal)));
    }

    [Theory]
    [InlineData("wild")]
    [InlineData("any")]
    public async Task On_every_interface_are_reached_here_and_show_the_machine_s_name_as_in_Microsofts_package(string profile)
    {
        var builder = RunningApplication.CreateBuilder();
        var project = builder.AddProject("service", web.Project.ProjectPath, options => options.LaunchProfileName = profile);
        await using var running = await RunningApplication.StartAsync(builder);
        var endpoint = project.GetEndpoint("http");

        Assert.Equal(profile, await GetAsync(endpoint.Url, "env/DOTNET_LAUNCH_PROFILE"));
        var urls = (await running.WaitForAsync("service", KnownResourceStates.Running)).Urls;
        Assert.Equal([$"http://localhost:{endpoint.Port}", $"http://{Environment.MachineName}:{endpoint.Port}"], urls.Select(url => url.Url));
    }

    [Fact]
    public async Task With_HTTPS_need_a_certificate_and_the_log_says_how_to_get_one()
    {
        using var home = new TemporaryFolder();
        var builder = RunningApplication.CreateBuilder();
        var project = builder.AddProject("service", web.Project.ProjectPath, "secure").WithEnvironment("HOME", home.Path);
        await using var running = await RunningApplication.StartAsync(builder);

        await running.ReadLogAsync(project.Resource, lines => lines.Any(line => line.Text.Contains("dotnet dev-certs https", StringComparison.Ordinal)));
        var ended = await running.Notifications.WaitForResourceAsync("service", change => change.Snapshot.ExitCode is not null, DcpFixture.Deadline(60));
        Assert.NotEqual(0, ended.Snapshot.ExitCode);
    }

    [Fact]
    public async Task With_HTTPS_and_a_certificate_answer_and_know_the_port_that_clients_use()
    {
        using var folder = new TemporaryFolder();
        using var certificate = SelfSigned();
        await File.WriteAllBytesAsync(folder["own.pfx"], certificate.Export(X509ContentType.Pfx, "secret"));
        var builder = RunningApplication.CreateBuilder();
        var project = builder.AddProject("service", web.Project.ProjectPath, "secure")
            .WithEnvironment("Kestrel__Certificates__Default__Path", folder["own.pfx"])
            .WithEnvironment("Kestrel__Certificates__Default__Password", "secret");
        await using var running = await RunningApplication.StartAsync(builder);

        var endpoint = project.GetEndpoint("https");
        Assert.StartsWith("https://localhost:", endpoint.Url, StringComparison.Ordinal);
        Assert.Equal(endpoint.Port.ToString(), await GetAsync(endpoint.Url, "env/ASPNETCORE_HTTPS_PORT", certificate));
        Assert.Equal(endpoint.Port.ToString(), await GetAsync(project.GetEndpoint("http").Url, "env/ASPNETCORE_HTTPS_PORT"));
    }

    [Fact]
    public async Task Give_way_to_the_endpoints_in_the_project_s_own_settings_as_in_Microsofts_package()
    {
        await File.WriteAllTextAsync(web.Project.File("appsettings.json"), """
            { "Kestrel": { "Endpoints": { "Public": { "Url": "http://localhost:0" }, "Admin": { "Url": "http://*:0" } } } }
            """);
        try
        {
            var builder = RunningApplication.CreateBuilder();
            var project = builder.AddProject("service", web.Project.ProjectPath).WithHttpEndpoint(name: "extra");
            await using var running = await RunningApplication.StartAsync(builder);

            Assert.Equal(["Admin", "Public", "extra"], project.Resource.GetEndpoints().Select(endpoint => endpoint.EndpointName));
            foreach (var endpoint in project.Resource.GetEndpoints())
            {
                Assert.Equal("-", await GetAsync(endpoint.Url, "env/ASPNETCORE_URLS"));
            }
        }
        finally
        {
            File.Delete(web.Project.File("appsettings.json"));
        }
    }

    /// <summary>The answer of an application that may still be starting: until it listens, the proxy refuses.</summary>
    private static async Task<string> GetAsync(string address, string path, X509Certificate2? trusted = null)
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == trusted?.GetCertHashString(),
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(address) };
        var deadline = DcpFixture.Deadline(60);
        while (true)
        {
            try
            {
                return await http.GetStringAsync(new Uri(path, UriKind.Relative), deadline);
            }
            catch (HttpRequestException exception) when (exception.StatusCode is null && !deadline.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
