using System.Net;
using System.Text.Json.Nodes;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class BrowsingTests(CatalogServers servers)
{
    private readonly CatalogApp _catalog = servers.Shared;

    [Fact]
    public async Task Opens_with_at_least_a_thousand_products_of_many_categories()
    {
        var page = await _catalog.ListAsync("pageSize=100");

        Assert.True((int)page["total"]! >= 1000);
        Assert.Equal(100, page["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Shows_a_product_with_its_price_in_minor_units()
    {
        var product = (await _catalog.ListAsync("category=desks&pageSize=1"))["items"]![0]!;

        Assert.Equal("desks", (string)product["category"]!);
        Assert.InRange((long)product["price"]!["amount"]!, 1, 1_000_000);
        Assert.Equal("EUR", (string)product["price"]!["currency"]!);
        Assert.Equal(
            ["available", "brand", "category", "description", "id", "name", "price"],
            product.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Pages_hold_every_product_of_a_category_once_and_in_the_order_of_names()
    {
        var names = new List<string>();
        var total = (int)(await _catalog.ListAsync("category=sofas"))["total"]!;
        for (var page = 1; names.Count < total; page++)
        {
            var found = await _catalog.NamesAsync($"category=sofas&pageSize=7&page={page}");
            Assert.NotEmpty(found);
            names.AddRange(found);
        }

        Assert.Equal(total, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task A_page_behind_the_last_is_empty_and_still_knows_the_total()
    {
        var page = await _catalog.ListAsync("category=sofas&page=1000000&pageSize=100");

        Assert.Empty(page["items"]!.AsArray());
        Assert.True((int)page["total"]! > 0);
        Assert.Equal(1000000, (int)page["page"]!);
    }

    [Theory]
    [InlineData("category=no-such-thing")]
    [InlineData("category=' OR 1=1 --")]
    [InlineData("category=a%00b")]
    public async Task An_unknown_category_has_no_products(string query)
    {
        var page = await _catalog.ListAsync(query);

        Assert.Equal(0, (int)page["total"]!);
        Assert.Empty(page["items"]!.AsArray());
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=1000001", "page")]
    [InlineData("pageSize=0", "pageSize")]
    [InlineData("pageSize=101", "pageSize")]
    public async Task A_page_out_of_bounds_is_refused_by_name(string query, string field)
    {
        using var response = await _catalog.Anonymous.GetAsync($"{CatalogApp.Products}?{query}");

        var problem = await CatalogApp.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Equal([field], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    [Theory]
    [InlineData("page=two", "page")]
    [InlineData("pageSize=99999999999999", "pageSize")]
    [InlineData("page=1.5", "page")]
    public async Task A_page_that_is_no_number_is_refused_by_name(string query, string field)
    {
        using var response = await _catalog.Anonymous.GetAsync($"{CatalogApp.Products}?{query}");

        var problem = await CatalogApp.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.Contains(field, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("019b0000-0000-7000-8000-000000000000")]
    [InlineData("not-an-id")]
    public async Task A_product_that_is_not_there_is_404(string id)
    {
        using var response = await _catalog.Anonymous.GetAsync($"{CatalogApp.Products}/{id}");

        await CatalogApp.ProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_assortment_is_the_same_in_every_new_database()
    {
        await using var other = await servers.StartCatalogAsync();

        Assert.True(JsonNode.DeepEquals(
            await _catalog.ListAsync("category=wall-clocks&pageSize=100"), await other.ListAsync("category=wall-clocks&pageSize=100")));
    }
}
