namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class ReferenceExpressions
{
    private readonly IDistributedApplicationBuilder _builder = TestApplication.Create();

    [Fact]
    public async Task Put_values_where_the_holes_are()
    {
        var user = _builder.AddParameter("user", "ada");
        var expression = ReferenceExpression.Create($"Username={user};Braces={{x}}");
        Assert.Equal("Username=ada;Braces={x}", await expression.GetValueAsync(default));
        Assert.Equal("Username={user.value};Braces={x}", expression.ValueExpression);
    }

    [Fact]
    public async Task Percent_encode_where_a_URI_needs_it()
    {
        var password = _builder.AddParameter("password", "a/b c@d%");
        Assert.Equal("a%2Fb%20c%40d%25", await ReferenceExpression.Create($"{password.Resource:uri}").GetValueAsync(default));
    }

    [Fact]
    public async Task Refuse_a_format_that_nobody_knows()
    {
        var value = _builder.AddParameter("value", "x");
        await Assert.ThrowsAsync<FormatException>(async () => await ReferenceExpression.Create($"{value.Resource:base64}").GetValueAsync(default));
    }

    [Fact]
    public async Task Wait_until_an_endpoint_is_allocated()
    {
        var process = _builder.AddExecutable("process", "true", ".").WithHttpEndpoint();
        var endpoint = process.GetEndpoint("http");
        var value = ReferenceExpression.Create($"host={endpoint.Property(EndpointProperty.Host)} port={endpoint.Property(EndpointProperty.Port)}").GetValueAsync(default).AsTask();
        Assert.False(value.IsCompleted);
        endpoint.EndpointAnnotation.AllocatedEndpoint = new AllocatedEndpoint(endpoint.EndpointAnnotation, "localhost", 4711);
        Assert.Equal("host=localhost port=4711", await value.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal("http://localhost:4711", endpoint.Url);
    }

    [Fact]
    public void Can_be_put_together_piece_by_piece()
    {
        var builder = new ReferenceExpressionBuilder();
        Assert.True(builder.IsEmpty);
        builder.AppendLiteral("{literal}");
        builder.Append($"={_builder.AddParameter("value", "x")}");
        Assert.Equal("{literal}={value.value}", builder.Build().ValueExpression);
    }
}
