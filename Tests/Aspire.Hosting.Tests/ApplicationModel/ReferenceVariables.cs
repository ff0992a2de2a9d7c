namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class ReferenceVariables
{
    private readonly IDistributedApplicationBuilder _builder = TestApplication.Create("--ConnectionStrings:books=Host=db");

    [Theory]
    [InlineData(ReferenceEnvironmentInjectionFlags.None)]
    [InlineData(ReferenceEnvironmentInjectionFlags.ConnectionString, "ConnectionStrings__cache", "ConnectionStrings__made")]
    [InlineData(ReferenceEnvironmentInjectionFlags.ConnectionProperties, "CACHE_HOST", "CACHE_PORT", "CACHE_PASSWORD", "CACHE_URI")]
    [InlineData(ReferenceEnvironmentInjectionFlags.ServiceDiscovery, "services__api__http__0", "services__maps__https__0", "services__outside__default__0")]
    [InlineData(ReferenceEnvironmentInjectionFlags.Endpoints, "API_HTTP", "MAPS", "outside")]
    public async Task Are_those_that_the_author_wants(ReferenceEnvironmentInjectionFlags flags, params string[] names)
    {
        var manifest = await PublishedManifest.OfAsync(builder =>
        {
            var api = builder.AddProject("api", "does-not-exist.csproj", options => options.ExcludeLaunchProfile = true).WithHttpEndpoint();
            builder.AddExecutable("reader", "true", ".")
                .WithReferenceEnvironment(flags)
                .WithReference(builder.AddRedis("cache"))
                .WithReference(builder.AddConnectionString("made", ReferenceExpression.Create($"x")))
                .WithReference(api)
                .WithReference(builder.AddExternalService("maps", "https://maps.example.org/"))
                .WithReference("outside", new Uri("https://example.org/"));
        });

        var variables = manifest["reader"]!["env"]?.AsObject().Select(variable => variable.Key) ?? [];
        Assert.Equal(names.Order(StringComparer.Ordinal), variables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Number_endpoints_of_one_scheme_and_leave_out_those_that_must_be_named_as_in_Microsofts_package()
    {
        var api = Api("api", 5001)
            .WithHttpEndpoint(name: "admin")
            .WithEndpoint("admin", endpoint => endpoint.ExcludeReferenceEndpoint = true);
        Allocate(api.GetEndpoint("admin"), 5002);

        var all = await _builder.AddExecutable("all", "true", ".").WithReference(api).Resource.GetEnvironmentVariableValuesAsync();
        Assert.Equal("http://localhost:5001", all["services__api__http__0"]);
        Assert.DoesNotContain(all.Keys, name => name.Contains("admin", StringComparison.OrdinalIgnoreCase));

        var both = await _builder.AddExecutable("both", "true", ".").WithReference(api).WithReference(api.GetEndpoint("admin")).Resource.GetEnvironmentVariableValuesAsync();
        Assert.Equal("http://localhost:5002", both["services__api__admin__0"]);
        Assert.Equal(["services__api__admin__0", "services__api__http__0"], both.Keys.Where(name => name.StartsWith("services", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Go_by_the_scheme_of_an_endpoint_named_http_as_in_Microsofts_package()
    {
        var api = Api("api", 5001).WithEndpoint("http", endpoint => endpoint.UriScheme = "https");
        var values = await _builder.AddExecutable("reader", "true", ".").WithReference(api).Resource.GetEnvironmentVariableValuesAsync();
        Assert.Equal("https://localhost:5001", values["services__api__https__0"]);
        Assert.Equal("https://localhost:5001", values["API_HTTP"]);
    }

    [Fact]
    public async Task Are_set_from_values_of_the_author_s_own_kind_and_show_to_what_they_belong()
    {
        var api = Api("api", 5001);
        var reader = _builder.AddExecutable("reader", "true", ".").WithEnvironment("HOSTNAME", api.GetEndpoint("http").Property(EndpointProperty.Host));
        Assert.Equal("localhost", (await reader.Resource.GetEnvironmentVariableValuesAsync())["HOSTNAME"]);
        Assert.Contains(reader.Resource.Annotations.OfType<ResourceRelationshipAnnotation>(), relation => relation.Resource == api.Resource);
    }

    private IResourceBuilder<ProjectResource> Api(string name, int port)
    {
        var api = _builder.AddProject(name, "does-not-exist.csproj", options => options.ExcludeLaunchProfile = true).WithHttpEndpoint();
        Allocate(api.GetEndpoint("http"), port);
        return api;
    }

    private static void Allocate(EndpointReference endpoint, int port)
        => endpoint.EndpointAnnotation.AllocatedEndpoint = new AllocatedEndpoint(endpoint.EndpointAnnotation, "localhost", port);
}
