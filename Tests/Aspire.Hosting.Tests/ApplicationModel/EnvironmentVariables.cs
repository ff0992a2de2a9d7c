namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class EnvironmentVariables
{
    private readonly IDistributedApplicationBuilder _builder = TestApplication.Create();

    [Fact]
    public async Task Come_from_text_callbacks_parameters_and_expressions()
    {
        var parameter = _builder.AddParameter("secret", "s3cret", secret: true);
        var process = _builder.AddExecutable("process", "true", ".")
            .WithEnvironment("TEXT", "{{not a template}}")
            .WithEnvironment("CALLBACK", () => "late")
            .WithEnvironment("PARAMETER", parameter)
            .WithEnvironment("EXPRESSION", $"<{parameter}>")
            .WithEnvironment(context => context.EnvironmentVariables["RESOURCE"] = context.Resource.Name);
        var values = await process.Resource.GetEnvironmentVariableValuesAsync();
        Assert.Equal("{{not a template}}", values["TEXT"]);
        Assert.Equal("late", values["CALLBACK"]);
        Assert.Equal("s3cret", values["PARAMETER"]);
        Assert.Equal("<s3cret>", values["EXPRESSION"]);
        Assert.Equal("process", values["RESOURCE"]);
    }

    [Fact]
    public async Task Let_a_service_find_another_by_name()
    {
        var api = _builder.AddProject("my-api", "does-not-exist.csproj", o => o.ExcludeLaunchProfile = true).WithHttpEndpoint();
        Allocate(api.GetEndpoint("http"), 5001);
        var caller = _builder.AddExecutable("caller", "true", ".").WithReference(api);
        var values = await caller.Resource.GetEnvironmentVariableValuesAsync();
        Assert.Equal("http://localhost:5001", values["services__my-api__http__0"]);
        Assert.Equal("http://localhost:5001", values["MY_API_HTTP"]);
    }

    [Fact]
    public async Task Let_a_service_find_another_by_another_name_and_one_outside()
    {
        var api = _builder.AddProject("my-api", "does-not-exist.csproj", o => o.ExcludeLaunchProfile = true).WithHttpEndpoint();
        Allocate(api.GetEndpoint("http"), 5001);
        var caller = _builder.AddExecutable("caller", "true", ".").WithReference(api, "the-api").WithReference("outside", new Uri("https://example.org/v1"));
        var values = await caller.Resource.GetEnvironmentVariableValuesAsync();
        Assert.Equal("http://localhost:5001", values["services__the-api__http__0"]);
        Assert.Equal("http://localhost:5001", values["THE_API_HTTP"]);
        Assert.Equal("https://example.org/v1", values["services__outside__default__0"]);
        Assert.Equal("https://example.org/v1", values["outside"]);
        Assert.Throws<InvalidOperationException>(() => caller.WithReference("outside", new Uri("https://example.org/?query")));
        Assert.Throws<InvalidOperationException>(() => caller.WithReference("outside", new Uri("/v1", UriKind.Relative)));
    }

    [Fact]
    public async Task Hold_the_parts_of_a_connection_string_as_they_were_added_and_changed()
    {
        var server = _builder.AddRedis("cache").WithConnectionProperty("HOST", "elsewhere").WithConnectionProperty("Region", "north");
        var endpoint = server.Resource.PrimaryEndpoint;
        Allocate(endpoint, 5003);
        var caller = _builder.AddExecutable("caller", "true", ".").WithReference(server).WithEnvironment("URL", (IExpressionValue)endpoint);
        var values = await caller.Resource.GetEnvironmentVariableValuesAsync();
        Assert.Equal("elsewhere", values["CACHE_HOST"]);
        Assert.Equal("north", values["CACHE_REGION"]);
        Assert.Equal("5003", values["CACHE_PORT"]);
        Assert.Equal("5003", await server.Resource.GetConnectionProperty("port").GetValueAsync(default));
        Assert.Same(ReferenceExpression.Empty, server.Resource.GetConnectionProperty("nonsense"));
        Assert.Equal(endpoint.Url, values["URL"]);
    }

    [Fact]
    public async Task Refer_to_one_endpoint_only_where_only_one_is_wanted()
    {
        var api = _builder.AddProject("api", "does-not-exist.csproj", o => o.ExcludeLaunchProfile = true).WithHttpEndpoint().WithHttpEndpoint(name: "admin");
        Allocate(api.GetEndpoint("admin"), 5002);
        var caller = _builder.AddExecutable("caller", "true", ".").WithReference(api.GetEndpoint("admin"));
        var values = await caller.Resource.GetEnvironmentVariableValuesAsync();
        Assert.Equal("http://localhost:5002", values["services__api__admin__0"]);
        Assert.DoesNotContain("services__api__http__0", values.Keys);
    }

    [Fact]
    public async Task Tell_a_project_where_to_listen_but_not_about_endpoints_that_it_opens_itself()
    {
        var project = _builder.AddProject("gateway", "does-not-exist.csproj", o => o.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(targetPort: 5100)
            .WithHttpEndpoint(targetPort: 5200, name: "management", env: "MANAGEMENT__PORT")
            .WithEndpointsInEnvironment(endpoint => endpoint.Name != "management");
        var values = await project.Resource.GetEnvironmentVariableValuesAsync();
        Assert.Equal("http://localhost:5100", values["ASPNETCORE_URLS"]);
        Assert.Equal("5200", values["MANAGEMENT__PORT"]);
    }

    [Fact]
    public async Task Take_the_variables_of_the_launch_profile()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["Properties"]);
        await File.WriteAllTextAsync(folder["Properties/launchSettings.json"], """
            { "profiles": {
                "iis": { "commandName": "IISExpress", "environmentVariables": { "WRONG": "1" } },
                "http": { "commandName": "Project", "applicationUrl": "http://localhost:0", "environmentVariables": { "ASPNETCORE_ENVIRONMENT": "Development" } } } }
            """);
        var project = _builder.AddProject("service", folder["service.csproj"]);
        Allocate(project.GetEndpoint("http"), 5003);
        var values = await project.Resource.GetEnvironmentVariableValuesAsync();
        Assert.Equal("Development", values["ASPNETCORE_ENVIRONMENT"]);
        Assert.DoesNotContain("WRONG", values.Keys);
    }

    [Fact]
    public async Task Name_the_launch_settings_that_cannot_be_read()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["Properties"]);
        await File.WriteAllTextAsync(folder["Properties/launchSettings.json"], "{ not json");
        var exception = Assert.Throws<DistributedApplicationException>(() => _builder.AddProject("service", folder["service.csproj"]));
        Assert.Contains("launchSettings.json", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_hold_text_and_values_that_are_known_later()
    {
        var parameter = _builder.AddParameter("level", "9");
        var process = _builder.AddExecutable("process", "true", ".", "first").WithArgs("--level", parameter.Resource).WithArgs(context => context.Args.Add("last"));
        Assert.Equal(["first", "--level", "9", "last"], await process.Resource.GetArgumentValuesAsync());
    }

    private static void Allocate(EndpointReference endpoint, int port)
        => endpoint.EndpointAnnotation.AllocatedEndpoint = new AllocatedEndpoint(endpoint.EndpointAnnotation, "localhost", port);
}
