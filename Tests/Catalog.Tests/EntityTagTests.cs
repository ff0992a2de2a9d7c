using System.Net;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class EntityTagTests(CatalogServers servers) : IAsyncLifetime
{
    private CatalogApp _catalog = null!;
    private string _path = null!;
    private string _tag = null!;

    public async Task InitializeAsync()
    {
        _catalog = await servers.StartCatalogAsync();
        (_path, var tag) = await _catalog.AddAsync();
        _tag = tag.ToString();
    }

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Theory]
    [InlineData("TAG", HttpStatusCode.NotModified)]
    [InlineData("W/TAG", HttpStatusCode.NotModified)]
    [InlineData("\"other\", TAG", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("\"other\"", HttpStatusCode.OK)]
    [InlineData("nonsense", HttpStatusCode.OK)]
    [InlineData("", HttpStatusCode.OK)]
    public async Task A_reader_who_has_the_product_is_told_so_without_a_body(string header, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _path);
        request.Headers.TryAddWithoutValidation("If-None-Match", header.Replace("TAG", _tag, StringComparison.Ordinal));

        using var response = await _catalog.Anonymous.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(_tag, response.Headers.ETag!.ToString());
        Assert.Equal(expected == HttpStatusCode.NotModified, (await response.Content.ReadAsByteArrayAsync()).Length == 0);
    }

    [Fact]
    public async Task A_reader_whose_copy_is_old_gets_the_new_one()
    {
        using var _ = await _catalog.PutAsync(_path, CatalogApp.Lamp("Newer"));
        using var request = new HttpRequestMessage(HttpMethod.Get, _path);
        request.Headers.TryAddWithoutValidation("If-None-Match", _tag);

        using var response = await _catalog.Anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("Newer", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TAG", HttpStatusCode.OK)]
    [InlineData("*", HttpStatusCode.OK)]
    [InlineData("\"other\", TAG", HttpStatusCode.OK)]
    [InlineData("W/TAG", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"00000000000000000000000000000000\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("\"other\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("unquoted", HttpStatusCode.BadRequest)]
    [InlineData("\"half", HttpStatusCode.BadRequest)]
    public async Task A_writer_replaces_only_what_it_has_seen(string header, HttpStatusCode expected)
    {
        using var response = await _catalog.PutAsync(
            _path, CatalogApp.Lamp("Replaced"), header.Replace("TAG", _tag, StringComparison.Ordinal));

        if (expected == HttpStatusCode.OK)
        {
            Assert.Equal(expected, response.StatusCode);
        }
        else
        {
            await CatalogApp.ProblemAsync(response, expected);
        }

        Assert.Equal(
            expected == HttpStatusCode.OK,
            (await _catalog.Anonymous.GetStringAsync(_path)).Contains("Replaced", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("TAG", HttpStatusCode.NoContent)]
    [InlineData("\"other\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("unquoted", HttpStatusCode.BadRequest)]
    public async Task A_writer_deletes_only_what_it_has_seen(string header, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, _path);
        request.Headers.TryAddWithoutValidation("If-Match", header.Replace("TAG", _tag, StringComparison.Ordinal));

        using var response = await _catalog.Editor.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        using var found = await _catalog.Anonymous.GetAsync(_path);
        Assert.Equal(expected == HttpStatusCode.NoContent ? HttpStatusCode.NotFound : HttpStatusCode.OK, found.StatusCode);
    }
}
