namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class Endpoints
{
    private readonly IDistributedApplicationBuilder _builder = TestApplication.Create();

    [Fact]
    public void Are_unique_by_name()
    {
        var process = _builder.AddExecutable("process", "true", ".").WithHttpEndpoint();
        var exception = Assert.Throws<DistributedApplicationException>(() => process.WithHttpEndpoint(port: 5000));
        Assert.Contains("'http'", exception.Message, StringComparison.Ordinal);
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
    public async Task A_health_check_for_an_endpoint_that_does_not_exist_is_refused_at_start()
    {
        _builder.AddExecutable("process", "true", ".").WithHttpHealthCheck("/ready");
        await using var application = _builder.Build();
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.StartAsync());
        Assert.Contains("'http'", exception.Message, StringComparison.Ordinal);
    }
}
