using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.Tests;

/// <summary>The manifest of a small model, written by the real publisher.</summary>
internal static class PublishedManifest
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<JsonObject> OfAsync(Action<IDistributedApplicationBuilder> model)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        try
        {
            var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
            {
                Args = ["--publisher", "manifest", "--output-path", file],
                DisableDashboard = true,
            });
            model(builder);
            await using (var app = builder.Build())
            {
                await app.RunAsync();
            }

            return JsonNode.Parse(await File.ReadAllTextAsync(file))!["resources"]!.AsObject();
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static string? Text(JsonNode? node) => node?.ToJsonString(Plain);
}
