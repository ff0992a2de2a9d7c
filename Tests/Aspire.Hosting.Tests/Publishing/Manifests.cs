using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Tests.Publishing;

public sealed class Manifests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string ManifestPath => _folder["out/aspire-manifest.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hold_projects_with_their_environment_and_bindings()
    {
        var resources = await PublishAsync(builder =>
        {
            var api = builder.AddProject("api", _folder["Api/Api.csproj"], o => o.ExcludeLaunchProfile = true).WithHttpEndpoint();
            builder.AddProject("web", _folder["Web/Web.csproj"], o => o.ExcludeLaunchProfile = true)
                .WithHttpEndpoint().WithExternalHttpEndpoints().WithReference(api).WaitFor(api);
        });
        Equal(
            """
            { "type": "project.v0", "path": "../Web/Web.csproj",
              "env": {
                "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory",
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED": "true",
                "HTTP_PORTS": "{web.bindings.http.targetPort}",
                "API_HTTP": "{api.bindings.http.url}",
                "services__api__http__0": "{api.bindings.http.url}" },
              "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "external": true } } }
            """,
            resources["web"]);
    }

    [Fact]
    public async Task Hold_parameters_with_their_inputs()
    {
        var resources = await PublishAsync(builder =>
        {
            builder.AddParameter("token", secret: true);
            builder.AddParameter("region", "eu", publishValueAsDefault: true);
            builder.AddParameter("password", new GenerateParameterDefault { MinLength = 22, Special = false, MinUpper = 2 }, secret: true);
        });
        Equal("""{ "type": "parameter.v0", "value": "{token.inputs.value}", "inputs": { "value": { "type": "string", "secret": true } } }""", resources["token"]);
        Equal("""{ "type": "parameter.v0", "value": "{region.inputs.value}", "inputs": { "value": { "type": "string", "default": { "value": "eu" } } } }""", resources["region"]);
        Equal(
            """
            { "type": "parameter.v0", "value": "{password.inputs.value}",
              "inputs": { "value": { "type": "string", "secret": true, "default": { "generate": { "minLength": 22, "minUpper": 2, "special": false } } } } }
            """,
            resources["password"]);
    }

    [Fact]
    public async Task Percent_encode_parameters_by_a_resource_of_their_own()
    {
        var resources = await PublishAsync(builder =>
        {
            var password = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, "password");
            builder.AddProject("api", _folder["Api/Api.csproj"], o => o.ExcludeLaunchProfile = true)
                .WithEnvironment("URI", ReferenceExpression.Create($"redis://:{password:uri}@host"));
        });
        Assert.Equal("redis://:{password-uri-encoded.value}@host", (string?)resources["api"]!["env"]!["URI"]);
        Equal("""{ "type": "annotated.string", "value": "{password.value}", "filter": "uri" }""", resources["password-uri-encoded"]);
        Assert.NotNull(resources["password"]);
    }

    [Fact]
    public async Task Leave_out_what_is_for_this_machine_only()
    {
        var resources = await PublishAsync(builder => builder.AddExecutable("load", "true", ".").ExcludeFromManifest());
        Assert.Empty(resources);
    }

    [Fact]
    public async Task Let_a_resource_write_itself()
    {
        var resources = await PublishAsync(builder => builder.AddExecutable("own", "true", ".").WithManifestPublishingCallback(context => context.Writer.WriteString("type", "own.v0")));
        Equal("""{ "type": "own.v0" }""", resources["own"]);
    }

    [Fact]
    public async Task Are_there_when_those_who_extend_them_are_called()
    {
        var appended = false;
        await PublishAsync(builder => builder.OnAfterPublish((published, _) =>
        {
            var path = published.Services.GetService(typeof(IConfiguration)) is IConfiguration configuration ? configuration["Pipeline:OutputPath"] : null;
            appended = File.Exists(path);
            return Task.CompletedTask;
        }));
        Assert.True(appended);
    }

    [Fact]
    public async Task Are_the_same_byte_for_byte_the_second_time()
    {
        void Describe(IDistributedApplicationBuilder builder)
        {
            var password = ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, "password");
            builder.AddExecutable("process", "run", _folder.Path, "a").WithEnvironment("B", ReferenceExpression.Create($"{password}")).WithHttpEndpoint(targetPort: 80);
        }

        await PublishAsync(Describe);
        var first = await File.ReadAllBytesAsync(ManifestPath);
        await PublishAsync(Describe);
        Assert.Equal(first, await File.ReadAllBytesAsync(ManifestPath));
    }

    [Fact]
    public async Task Are_not_written_at_all_when_one_resource_cannot_be()
    {
        var exitCode = Environment.ExitCode;
        try
        {
            await Assert.ThrowsAnyAsync<IOException>(() => PublishAsync(builder => builder.AddResource(new ContainerResource("image-less"))));
            Assert.Equal(1, Environment.ExitCode);
            Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(ManifestPath)!));
        }
        finally
        {
            Environment.ExitCode = exitCode;
        }
    }

    private static void Equal(string expected, JsonNode? actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"Expected {JsonNode.Parse(expected)}, found {actual}");

    private async Task<JsonObject> PublishAsync(Action<IDistributedApplicationBuilder> describe)
    {
        var builder = TestApplication.Create("--publisher", "manifest", "--output-path", ManifestPath);
        describe(builder);
        await using (var application = builder.Build())
        {
            await application.RunAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }

        return JsonNode.Parse(await File.ReadAllTextAsync(ManifestPath))!["resources"]!.AsObject();
    }
}
