using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class WritingTests(CatalogServers servers) : IAsyncLifetime
{
    private CatalogApp _catalog = null!;

    public async Task InitializeAsync() => _catalog = await servers.StartCatalogAsync();

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public async Task An_added_product_is_where_the_answer_says_with_the_tag_it_says()
    {
        using var added = await _catalog.Editor.PostAsJsonAsync(CatalogApp.Products, CatalogApp.Lamp("  Lampe “Ünïcode” 灯 "));
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);

        using var found = await _catalog.Anonymous.GetAsync(added.Headers.Location);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal(added.Headers.ETag, found.Headers.ETag);
        Assert.False(found.Headers.ETag!.IsWeak);
        var body = await found.Content.ReadFromJsonAsync<JsonNode>();
        Assert.Equal("Lampe “Ünïcode” 灯", (string)body!["name"]!);
        Assert.True(JsonNode.DeepEquals(body, await added.Content.ReadFromJsonAsync<JsonNode>()));
        Assert.Equal('7', ((string)body["id"]!)[14]);
    }

    [Fact]
    public async Task An_added_product_can_be_found_at_once_and_a_deleted_one_cannot()
    {
        Assert.Equal(0, (int)(await _catalog.ListAsync("search=xylophone"))["total"]!);

        var (path, _) = await _catalog.AddAsync(CatalogApp.Lamp("Xylophone Lamp"));
        Assert.Equal(["Xylophone Lamp"], await _catalog.NamesAsync("search=xylophone"));

        using var deleted = await _catalog.Editor.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(await _catalog.NamesAsync("search=xylophone"));
        using var gone = await _catalog.Anonymous.GetAsync(path);
        await CatalogApp.ProblemAsync(gone, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_replaced_product_is_new_in_every_field_and_in_its_tag()
    {
        var (path, before) = await _catalog.AddAsync();
        _ = await _catalog.Anonymous.GetStringAsync(path);
        JsonObject changed = new()
        {
            ["name"] = "Other",
            ["brand"] = "Another",
            ["category"] = "desks",
            ["description"] = "All new.",
            ["price"] = new JsonObject { ["amount"] = 1, ["currency"] = "SEK" },
        };

        using var replaced = await _catalog.PutAsync(path, changed);
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        Assert.NotEqual(before, replaced.Headers.ETag);

        using var found = await _catalog.Anonymous.GetAsync(path);
        Assert.Equal(replaced.Headers.ETag, found.Headers.ETag);
        var body = (await found.Content.ReadFromJsonAsync<JsonObject>())!;
        body.Remove("id");
        body.Remove("available");
        Assert.True(JsonNode.DeepEquals(changed, body), body.ToJsonString());
    }

    [Fact]
    public async Task Of_many_writers_who_saw_the_same_product_exactly_one_wins()
    {
        var (path, tag) = await _catalog.AddAsync();

        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(number =>
            _catalog.PutAsync(path, CatalogApp.Lamp($"Writer {number}", number), tag.ToString())));

        var winner = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.All(answers.Except([winner]), answer => Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode));
        var expected = await winner.Content.ReadFromJsonAsync<JsonNode>();
        Assert.True(JsonNode.DeepEquals(expected, await _catalog.Anonymous.GetFromJsonAsync<JsonNode>(path)));
    }

    [Fact]
    public async Task Writers_without_a_condition_all_succeed_and_the_tag_is_that_of_the_last()
    {
        var (path, _) = await _catalog.AddAsync();

        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(number =>
            _catalog.PutAsync(path, CatalogApp.Lamp($"Writer {number}", number))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        using var found = await _catalog.Anonymous.GetAsync(path);
        Assert.Single(answers, answer => answer.Headers.ETag!.Equals(found.Headers.ETag));
    }

    [Fact]
    public async Task What_is_not_there_can_be_neither_replaced_nor_deleted()
    {
        var path = $"{CatalogApp.Products}/{Guid.CreateVersion7()}";

        using var replaced = await _catalog.PutAsync(path, CatalogApp.Lamp(), "\"0123456789abcdef0123456789abcdef\"");
        await CatalogApp.ProblemAsync(replaced, HttpStatusCode.NotFound);
        using var deleted = await _catalog.Editor.DeleteAsync(path);
        await CatalogApp.ProblemAsync(deleted, HttpStatusCode.NotFound);
    }
}
