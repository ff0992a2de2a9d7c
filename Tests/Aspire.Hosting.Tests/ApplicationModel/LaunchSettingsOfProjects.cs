namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class LaunchSettingsOfProjects : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LaunchSettingsOfProjects()
    {
        Directory.CreateDirectory(_folder["Properties"]);
        File.WriteAllText(_folder["service.csproj"], "<Project />");
        File.WriteAllText(_folder["Properties/launchSettings.json"], """
            { "profiles": {
                "docker": { "commandName": "Docker" },
                "http": { "commandName": "Project", "applicationUrl": "http://localhost:5010", "environmentVariables": { "FROM": "http" } },
                "https": { "commandName": "Project", "applicationUrl": "https://localhost:5011;http://localhost:5012", "environmentVariables": { "FROM": "https" } } } }
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Choose_the_profile_that_the_author_names_else_the_AppHost_s_else_the_first_that_runs_the_project()
    {
        Assert.Equal([("http", 5010)], EndpointsOf(TestApplication.Create(), builder => builder.AddProject("a", _folder["service.csproj"])));
        Assert.Equal([("https", 5011), ("http", 5012)], EndpointsOf(TestApplication.Create("--DOTNET_LAUNCH_PROFILE=https"), builder => builder.AddProject("a", _folder["service.csproj"])));
        Assert.Equal([("http", 5010)], EndpointsOf(TestApplication.Create("--DOTNET_LAUNCH_PROFILE=nobody's"), builder => builder.AddProject("a", _folder["service.csproj"])));
        Assert.Equal([("https", 5011), ("http", 5012)], EndpointsOf(TestApplication.Create("--AppHost:DefaultLaunchProfileName=https", "--DOTNET_LAUNCH_PROFILE=http"), builder => builder.AddProject("a", _folder["service.csproj"])));
        Assert.Equal([("http", 5010)], EndpointsOf(TestApplication.Create("--DOTNET_LAUNCH_PROFILE=https"), builder => builder.AddProject("a", _folder["service.csproj"], "http")));
        Assert.Empty(EndpointsOf(TestApplication.Create(), builder => builder.AddProject("a", _folder["service.csproj"], launchProfileName: null)));
    }

    [Fact]
    public void A_profile_or_an_address_that_is_none_is_named()
    {
        var missing = Assert.Throws<DistributedApplicationException>(() => TestApplication.Create().AddProject("a", _folder["service.csproj"], "nobody's"));
        Assert.Contains("'nobody's'", missing.Message, StringComparison.Ordinal);

        File.WriteAllText(_folder["appsettings.json"], """{ "Kestrel": { "Endpoints": { "Odd": { "Url": "localhost" } } } }""");
        var odd = Assert.Throws<DistributedApplicationException>(() => TestApplication.Create().AddProject("a", _folder["service.csproj"]));
        Assert.Contains("Kestrel:Endpoints:Odd:Url", odd.Message, StringComparison.Ordinal);

        File.WriteAllText(_folder["appsettings.json"], "{ not json");
        var broken = Assert.Throws<DistributedApplicationException>(() => TestApplication.Create().AddProject("a", _folder["service.csproj"]));
        Assert.Contains("appsettings.json", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Published_become_http_and_https_without_ports_of_this_machine_as_in_Microsofts_package()
    {
        var manifest = await PublishedManifest.OfAsync(builder => builder.AddProject("service", _folder["service.csproj"], "http"));

        Assert.Equal(
            """{"http":{"scheme":"http","protocol":"tcp","transport":"http"},"https":{"scheme":"https","protocol":"tcp","transport":"http"}}""",
            PublishedManifest.Text(manifest["service"]!["bindings"]));
        var variables = manifest["service"]!["env"]!.AsObject();
        Assert.Equal("{service.bindings.http.targetPort}", (string?)variables["HTTP_PORTS"]);
        Assert.DoesNotContain("HTTPS_PORTS", variables.Select(variable => variable.Key));
        Assert.DoesNotContain("FROM", variables.Select(variable => variable.Key));
    }

    [Fact]
    public async Task Endpoints_in_the_project_s_own_settings_are_published_with_their_ports_unless_they_are_left_out_as_in_Microsofts_package()
    {
        await File.WriteAllTextAsync(_folder["appsettings.json"], """
            { "Kestrel": { "EndpointDefaults": { "Protocols": "Http2" }, "Endpoints": {
                "Grpc": { "Url": "http://*:5002" }, "Web": { "Url": "http://localhost:5003", "Protocols": "Http1" } } } }
            """);

        var manifest = await PublishedManifest.OfAsync(builder => builder.AddProject("service", _folder["service.csproj"], launchProfileName: null));

        var bindings = manifest["service"]!["bindings"]!;
        Assert.Equal((5002, "http2"), ((int)bindings["Grpc"]!["targetPort"]!, (string?)bindings["Grpc"]!["transport"]));
        Assert.Equal((5003, "http"), ((int)bindings["Web"]!["targetPort"]!, (string?)bindings["Web"]!["transport"]));
        var variables = manifest["service"]!["env"]!.AsObject();
        Assert.Equal("http://*:{service.bindings.Web.targetPort}", (string?)variables["Kestrel__Endpoints__Web__Url"]);
        Assert.DoesNotContain("HTTP_PORTS", variables.Select(variable => variable.Key));

        var without = await PublishedManifest.OfAsync(builder => builder.AddProject("service", _folder["service.csproj"], options =>
        {
            options.ExcludeLaunchProfile = true;
            options.ExcludeKestrelEndpoints = true;
        }));
        Assert.Null(without["service"]!["bindings"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    [InlineData("a b\tc", "a", "b", "c")]
    [InlineData("\"two words\" --x=\"y z\"", "two words", "--x=y z")]
    [InlineData("\"\" x", "", "x")]
    [InlineData("\\\"q\\\" C:\\dir\\ \"C:\\dir\\\\\"", "\"q\"", "C:\\dir\\", "C:\\dir\\")]
    [InlineData("\"a\"\"b\" \"open", "a\"b", "open")]
    public void Arguments_are_split_as_dotnet_does_it(string? line, params string[] arguments) => Assert.Equal(arguments, CommandLine.Split(line));

    private static IEnumerable<(string Name, int? Port)> EndpointsOf(IDistributedApplicationBuilder builder, Func<IDistributedApplicationBuilder, IResourceBuilder<ProjectResource>> add)
        => [.. add(builder).Resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (endpoint.Name, endpoint.Port))];
}
