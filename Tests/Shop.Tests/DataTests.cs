using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Shop.Tests;

/// <summary>What is left of one run for the next.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DataTests : IDisposable
{
    private readonly RunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_added_in_one_run_is_there_in_the_next()
    {
        Uri location;
        EntityTagHeaderValue? tag;
        JsonNode product;
        await using (var first = await ShopRun.StartAsync(_folder))
        {
            using var editor = new HttpClient { BaseAddress = first.GatewayUrl };
            editor.DefaultRequestHeaders.Authorization = await DemoTokens.GetAsync(editor, "catalog.write");
            using var added = await editor.PostAsJsonAsync(ShopRun.Products, Answers.Lamp("Lamp that stays"));
            product = await Answers.JsonAsync(added, HttpStatusCode.Created);
            (location, tag) = (added.Headers.Location!, added.Headers.ETag);
            await first.EndAsync("TERM", ShopRun.StopTimeout);
        }

        await using var second = await ShopRun.StartAsync(_folder);
        using var reader = new HttpClient { BaseAddress = second.GatewayUrl };
        using var found = await reader.GetAsync(location);

        Answers.SameProduct(product, await Answers.JsonAsync(found));

        // Behind the revision stands that of the stock, once the inventory has told of it.
        Assert.StartsWith(tag!.Tag.TrimEnd('"'), found.Headers.ETag!.Tag, StringComparison.Ordinal);
    }
}
