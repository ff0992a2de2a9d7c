using System.Text.Json.Nodes;

namespace Aspire.Hosting.Tests.Publishing;

/// <summary>Containers in the manifest, in the shapes that Microsoft's package writes.</summary>
public sealed class ContainerManifests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Name_the_image_with_all_that_belongs_to_the_container_in_the_order_of_Microsofts_package()
    {
        var resources = await PublishedManifest.OfAsync(builder =>
        {
            var password = builder.AddParameter("password", secret: true);
            builder.AddContainer("store", "registry.example:5000/team/store", "1.2")
                .WithHttpEndpoint(targetPort: 8080)
                .WithEndpoint(targetPort: 9000, port: 9001, scheme: "tcp", name: "peers")
                .WithEnvironment("PASSWORD", password)
                .WithVolume("data", "/data")
                .WithVolume("/scratch")
                .WithBindMount("/etc/store", "/config", isReadOnly: true)
                .WithArgs("--level", "9")
                .WithEntrypoint("/bin/store")
                .WithContainerName("the-store")
                .WithLifetime(ContainerLifetime.Persistent)
                .WithImagePullPolicy(ImagePullPolicy.Always)
                .WithContainerRuntimeArgs("--memory", "1g")
                .WithContainerNetworkAlias("warehouse");
        });

        Equal(
            """
            { "type": "container.v0", "image": "registry.example:5000/team/store:1.2", "entrypoint": "/bin/store", "args": ["--level", "9"],
              "bindMounts": [{ "source": "MOUNT", "target": "/config", "readOnly": true }],
              "volumes": [{ "name": "data", "target": "/data", "readOnly": false }, { "target": "/scratch", "readOnly": false }],
              "env": { "PASSWORD": "{password.value}" },
              "bindings": {
                "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 8080 },
                "peers": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "port": 9001, "targetPort": 9000 } } }
            """.Replace("MOUNT", Relative("/etc/store"), StringComparison.Ordinal),
            resources["store"]);
    }

    [Fact]
    public async Task Say_how_an_image_is_built()
    {
        var resources = await PublishedManifest.OfAsync(builder =>
        {
            var region = builder.AddParameter("region");
            var token = builder.AddParameter("token", secret: true);
            builder.AddDockerfile("site", _folder.Path, "docker/Site.Dockerfile", "final")
                .WithBuildArg("REGION", region)
                .WithBuildArg("DEBUG", true)
                .WithBuildArg("COUNT", 3)
                .WithBuildArg("FROM_ENVIRONMENT", (object?)null)
                .WithBuildSecret("TOKEN", token)
                .WithHttpEndpoint(targetPort: 80);
        });

        Equal(
            """
            { "type": "container.v1",
              "build": { "context": "CONTEXT", "dockerfile": "CONTEXT/docker/Site.Dockerfile", "stage": "final",
                "args": { "REGION": "{region.value}", "DEBUG": "true", "COUNT": "3", "FROM_ENVIRONMENT": null },
                "secrets": { "TOKEN": { "type": "env", "value": "{token.value}" } } },
              "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 80 } } }
            """.Replace("CONTEXT", Relative(_folder.Path), StringComparison.Ordinal),
            resources["site"]);
        Assert.Contains("token", resources.Select(resource => resource.Key));
    }

    [Fact]
    public async Task Put_a_Dockerfile_that_a_callback_writes_beside_the_manifest()
    {
        var dockerfile = Path.Combine(Path.GetTempPath(), "written-by-callback.Dockerfile");
        string? temporary = null;
        try
        {
            var resources = await PublishedManifest.OfAsync(builder =>
            {
                var site = builder.AddDockerfileFactory("written-by-callback", _folder.Path, context => $"FROM scratch\nLABEL of={context.Resource.Name}\n");
                temporary = site.Resource.Annotations.OfType<DockerfileBuildAnnotation>().Single().DockerfilePath;
            });

            Assert.Equal("written-by-callback.Dockerfile", (string?)resources["written-by-callback"]!["build"]!["dockerfile"]);
            Assert.Equal("FROM scratch\nLABEL of=written-by-callback\n", await File.ReadAllTextAsync(dockerfile));
            Assert.False(Path.Exists(Path.GetDirectoryName(temporary)));
        }
        finally
        {
            File.Delete(dockerfile);
        }
    }

    [Fact]
    public async Task Hold_processes_and_projects_that_are_published_from_their_Dockerfiles()
    {
        var resources = await PublishedManifest.OfAsync(builder =>
        {
            builder.AddExecutable("worker", "node", _folder.Path, "/only/here/main.js")
                .WithHttpEndpoint(targetPort: 3000)
                .WithEnvironment("A", "b")
                .PublishAsDockerFile(container => container.WithBuildArg("V", "1"));
            var api = builder.AddProject("api", _folder["Api/Api.csproj"], options => options.ExcludeLaunchProfile = true).WithHttpEndpoint();
            api.PublishAsDockerFile().PublishAsDockerFile(container => container.WithArgs("--twice"));
        });

        var folder = Relative(_folder.Path);
        Equal(
            """
            { "type": "container.v1", "build": { "context": "CONTEXT", "dockerfile": "CONTEXT/Dockerfile", "args": { "V": "1" } },
              "env": { "A": "b" },
              "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 3000 } } }
            """.Replace("CONTEXT", folder, StringComparison.Ordinal),
            resources["worker"]);
        var apiNode = resources["api"]!.AsObject();
        Assert.Equal($"{folder}/Api/Dockerfile", (string?)apiNode["build"]!["dockerfile"]);
        Assert.Equal(8080, (int?)apiNode["bindings"]!["http"]!["targetPort"]);
        Assert.Equal("""["--twice"]""", PublishedManifest.Text(apiNode["args"]));
        Assert.Equal(["worker", "api"], resources.Select(resource => resource.Key));
    }

    [Fact]
    public async Task Mount_copied_files_as_in_Microsofts_package()
    {
        await File.WriteAllTextAsync(_folder["site.conf"], "x");
        var resources = await PublishedManifest.OfAsync(builder => builder.AddContainer("site", "site")
            .WithContainerFiles("/etc/site", _folder["site.conf"])
            .WithContainerFiles("/run/site", [new ContainerFile { Name = "only-when-run", Contents = "x" }]));

        Equal(
            """[{ "source": "FILE", "target": "/etc/site", "readOnly": true }]""".Replace("FILE", Relative(_folder["site.conf"]), StringComparison.Ordinal),
            resources["site"]!["bindMounts"]);
    }

    [Theory]
    [InlineData("redis", "redis:latest")]
    [InlineData("redis:8.6", "redis:8.6")]
    [InlineData("localhost:5000/team/redis", "localhost:5000/team/redis:latest")]
    [InlineData("localhost:5000/team/redis:8.6", "localhost:5000/team/redis:8.6")]
    [InlineData("docker.io/library/redis@sha256:0123abcd", "docker.io/library/redis@sha256:0123abcd")]
    public async Task Name_images_in_full(string image, string written)
    {
        var resources = await PublishedManifest.OfAsync(builder => builder.AddContainer("cache", image));

        Assert.Equal(written, (string?)resources["cache"]!["image"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("redis@md5:0123")]
    public void Refuse_what_is_no_name_of_an_image(string image) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TestApplication.Create().AddContainer("cache", image));

    [Fact]
    public void Refuse_two_tags_and_a_tag_beside_a_digest()
    {
        var container = TestApplication.Create().AddContainer("cache", "redis");

        Assert.Throws<InvalidOperationException>(() => container.WithImage("redis:8.6", "8.7"));
        Assert.Throws<ArgumentOutOfRangeException>(() => container.WithImage("redis@sha256:0123", "8.7"));
    }

    [Fact]
    public void Refuse_secrets_as_build_arguments_and_builds_without_a_Dockerfile()
    {
        var builder = TestApplication.Create();
        var token = builder.AddParameter("token", "x", secret: true);

        Assert.Contains("WithBuildSecret", Assert.Throws<InvalidOperationException>(() => builder.AddDockerfile("site", ".").WithBuildArg("T", token)).Message, StringComparison.Ordinal);
        Assert.Contains("WithDockerfile", Assert.Throws<InvalidOperationException>(() => builder.AddContainer("cache", "redis").WithBuildArg("T", "x")).Message, StringComparison.Ordinal);
        Assert.Contains("WithDockerfile", Assert.Throws<InvalidOperationException>(() => builder.AddContainer("queue", "redis").WithBuildSecret("T", token)).Message, StringComparison.Ordinal);
    }

    private static string Relative(string path) => Path.GetRelativePath(Path.GetTempPath(), path);

    // As text: the order of the properties is Microsoft's too.
    private static void Equal(string expected, JsonNode? actual) => Assert.Equal(PublishedManifest.Text(JsonNode.Parse(expected)), PublishedManifest.Text(actual));
}
