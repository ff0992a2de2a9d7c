using System.Diagnostics;
using System.Text.Json.Nodes;
using NJsonSchema;

namespace Shop.Tests;

/// <summary>The manifest that the AppHost publishes, which every deployment is made from.</summary>
public sealed class ManifestTests
{
    private static readonly string CheckedIn = Path.Combine(BuiltSystem.Repository, "aspire-manifest.json");

    [Fact]
    public async Task The_manifest_of_the_repository_is_what_the_AppHost_publishes_byte_for_byte()
    {
        var expected = await File.ReadAllBytesAsync(CheckedIn);
        var published = await PublishAsync();

        Assert.True(
            published.AsSpan().SequenceEqual(expected),
            "aspire-manifest.json is stale. Publish it anew: dotnet run --project AppHost -- --publisher manifest --output-path ../aspire-manifest.json");
    }

    [Fact]
    public async Task Published_twice_it_is_the_same()
    {
        var first = await PublishAsync();
        var second = await PublishAsync("--Gateway:Port=8080", "--Parameters:postgres-password=Secret0Password");

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task It_names_no_place_of_this_machine_no_secret_and_nothing_that_runs_locally_only()
    {
        var manifest = await File.ReadAllTextAsync(CheckedIn);

        Assert.DoesNotContain(BuiltSystem.Repository, manifest, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", manifest, StringComparison.Ordinal);
        Assert.DoesNotContain("localhost", manifest, StringComparison.Ordinal);
        Assert.DoesNotContain("-process", manifest, StringComparison.Ordinal);
        foreach (var (name, resource) in JsonNode.Parse(manifest)!["resources"]!.AsObject())
        {
            var path = (string?)resource!["path"];
            Assert.False(Path.IsPathRooted(path), $"{name}: {path}");
            Assert.True(path is null || File.Exists(Path.Combine(BuiltSystem.Repository, path)), $"{name}: {path}");
            foreach (var (variable, value) in resource["env"]?.AsObject() ?? [])
            {
                // A value that is a secret stands there as a reference.
                Assert.True(!variable.EndsWith("PASSWORD", StringComparison.Ordinal) || ((string)value!).StartsWith('{'), $"{name}: {variable}");
            }
        }
    }

    [Fact]
    public async Task It_keeps_to_the_schema()
    {
        var schema = await SchemaAsync();

        Assert.Empty(schema.Validate(await File.ReadAllTextAsync(CheckedIn)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"resources":{"a":{"type":"unknown.v9"}}}""")]
    [InlineData("""{"resources":{"a":{"type":"container.v0"}}}""")]
    [InlineData("""{"resources":{"a":{"type":"container.v0","image":"docker.io/library/redis:8.6","extra":1}}}""")]
    [InlineData("""{"resources":{"a":{"type":"project.v0","path":"/home/me/A.csproj"}}}""")]
    [InlineData("""{"resources":{"a":{"type":"project.v0","path":"A/A.csproj","env":{"PORT":80}}}}""")]
    [InlineData("""{"resources":{"a":{"type":"project.v0","path":"A/A.csproj","bindings":{"http":{"scheme":"http","protocol":"sctp","transport":"http"}}}}}""")]
    [InlineData("""{"resources":{"a":{"type":"project.v0","path":"A/A.csproj","bindings":{"http":{"scheme":"http","protocol":"tcp","transport":"http","port":0}}}}}""")]
    [InlineData("""{"resources":{"a":{"type":"parameter.v0","value":"in the open","inputs":{"value":{"type":"string"}}}}}""")]
    public async Task The_schema_refuses_what_no_deployment_could_use(string manifest)
    {
        var schema = await SchemaAsync();

        Assert.NotEmpty(schema.Validate(manifest));
    }

    private static async Task<JsonSchema> SchemaAsync()
    {
        await using var stream = typeof(ManifestTests).Assembly.GetManifestResourceStream("aspire-manifest.schema.json")!;
        return await JsonSchema.FromJsonAsync(stream);
    }

    private static async Task<byte[]> PublishAsync(params string[] arguments)
    {
        // Beside the one that is checked in, because paths in a manifest are relative to its folder; git ignores names like this.
        var file = Path.Combine(BuiltSystem.Repository, $"aspire-manifest.{Guid.NewGuid():N}.json");
        try
        {
            var start = new ProcessStartInfo(BuiltSystem.AppHost, ["--publisher", "manifest", "--output-path", file, .. arguments])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var publisher = Process.Start(start)!;
            var output = publisher.StandardOutput.ReadToEndAsync();
            var errors = publisher.StandardError.ReadToEndAsync();
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            try
            {
                await publisher.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                publisher.Kill(entireProcessTree: true);
                throw;
            }

            Assert.True(publisher.ExitCode == 0, $"{await output}{await errors}");
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
