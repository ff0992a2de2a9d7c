namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class Endpoints
{
    private readonly IDistributedApplicationBuilder _builder = TestApplication.Create();

    [Fact]
    public async Task Of_one_name_are_one_and_change_in_what_is_said_the_second_time_as_in_Microsofts_package()
    {
        var process = _builder.AddExecutable("process", "true", ".")
            .WithHttpEndpoint(targetPort: 5000, env: "FIRST")
            .WithHttpEndpoint(port: 4000, env: "PORT")
            .WithEndpoint(null, null, "http", null, null, isProxied: false, isExternal: true, protocol: null);
        var endpoint = Assert.Single(process.Resource.GetEndpoints()).EndpointAnnotation;
        Assert.Equal((4000, 5000, false, true), (endpoint.Port, endpoint.TargetPort, endpoint.IsProxied, endpoint.IsExternal));
        Assert.Equal(KeyValuePair.Create("PORT", "5000"), Assert.Single(await process.Resource.GetEnvironmentVariableValuesAsync()));
    }

    [Fact]
    public void Without_a_proxy_keep_one_port_for_clients_and_process_when_something_else_is_changed()
    {
        var process = _builder.AddExecutable("process", "true", ".").WithHttpEndpoint(targetPort: 5000, isProxied: false).WithEndpoint(scheme: "http", isExternal: true);
        var endpoint = process.GetEndpoint("http").EndpointAnnotation;
        Assert.Equal((5000, 5000), (endpoint.Port, endpoint.TargetPort));
        process.WithHttpEndpoint(targetPort: 6000);
        Assert.Equal((6000, 6000), (endpoint.Port, endpoint.TargetPort));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("under_score")]
    [InlineData("-http")]
    [InlineData("http-")]
    [InlineData("two--hyphens")]
    [InlineData("1st")]
    public void With_a_name_that_cannot_be_a_host_name_are_refused(string name)
    {
        var process = _builder.AddExecutable("process", "true", ".");
        var exception = Assert.Throws<ArgumentException>(() => process.WithHttpEndpoint(name: name));
        Assert.Contains($"'{name}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_HTTP2_service_speak_it_all_also_those_added_later()
    {
        var manifest = await PublishedManifest.OfAsync(builder =>
            builder.AddExecutable("process", "true", ".").AsHttp2Service().WithHttpEndpoint(port: 80).WithHttpsEndpoint(port: 443).WithEndpoint(port: 5432, name: "wire"));
        var bindings = manifest["process"]!["bindings"]!;
        Assert.Equal(["http2", "http2", "tcp"], new[] { "http", "https", "wire" }.Select(name => (string?)bindings[name]!["transport"]));
        Assert.Equal("https", (string?)bindings["https"]!["scheme"]);
    }

    [Fact]
    public void Become_external_by_one_call()
    {
        var process = _builder.AddExecutable("process", "true", ".").WithHttpEndpoint().WithEndpoint(scheme: "tcp", name: "wire").WithExternalHttpEndpoints();
        Assert.True(process.GetEndpoint("http").EndpointAnnotation.IsExternal);
        Assert.False(process.GetEndpoint("wire").EndpointAnnotation.IsExternal);
    }

    [Fact]
    public void Say_which_one_is_missing()
    {
        var process = _builder.AddExecutable("process", "true", ".");
        var exception = Assert.Throws<InvalidOperationException>(() => process.GetEndpoint("https").Url);
        Assert.Contains("`https`", exception.Message, StringComparison.Ordinal);
        Assert.Contains("`process`", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Can_be_changed_afterwards()
    {
        var process = _builder.AddExecutable("process", "true", ".").WithHttpEndpoint()
            .WithEndpoint("http", endpoint => endpoint.Port = 4000)
            .WithEndpoint("other", endpoint => endpoint.UriScheme = "redis");
        Assert.Equal(4000, process.GetEndpoint("http").EndpointAnnotation.Port);
        Assert.Equal("redis", process.GetEndpoint("other").Scheme);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public void Refuse_ports_that_do_not_exist(int port)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new AllocatedEndpoint(new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp), "localhost", port));

    [Fact]
    public void Must_be_there_before_a_health_check_a_command_or_a_probe_asks_them_as_in_Microsofts_package()
    {
        var process = _builder.AddExecutable("process", "true", ".").WithEndpoint(name: "wire");
        Assert.Contains("'https' or 'http'", Assert.Throws<DistributedApplicationException>(() => process.WithHttpHealthCheck("/ready")).Message, StringComparison.Ordinal);
        Assert.Contains("'admin'", Assert.Throws<DistributedApplicationException>(() => process.WithHttpCommand("/clean", "Clean", endpointName: "admin")).Message, StringComparison.Ordinal);
        Assert.Contains("'wire'", Assert.Throws<DistributedApplicationException>(() => process.WithHttpHealthCheck(endpointName: "wire")).Message, StringComparison.Ordinal);
#pragma warning disable ASPIREPROBES001 // Probes are an experiment in Microsoft's package.
        Assert.Contains("selector", Assert.Throws<DistributedApplicationException>(() => process.WithHttpProbe(ProbeType.Liveness, () => null!)).Message, StringComparison.Ordinal);
#pragma warning restore ASPIREPROBES001
    }
}
