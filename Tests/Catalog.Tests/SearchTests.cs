using System.Net;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class SearchTests(CatalogServers servers)
{
    private readonly CatalogApp _catalog = servers.Shared;

    private Task<string[]> SearchAsync(string text) => _catalog.NamesAsync($"search={Uri.EscapeDataString(text)}&pageSize=100");

    [Fact]
    public async Task Finds_what_has_the_word_in_its_name_before_what_only_mentions_it()
    {
        var names = await SearchAsync("desk");

        var first = Array.FindIndex(names, name => !name.Contains("Desk", StringComparison.Ordinal));
        Assert.NotEmpty(names);
        Assert.True(first < 0 || names[first..].All(name => !name.Contains("Desk", StringComparison.Ordinal)), string.Join('\n', names));
    }

    [Theory]
    [InlineData("chairs", "Chair")]
    [InlineData("mirror", "Mirror")]
    [InlineData("adjustab", "Standing Desk")]
    [InlineData("stand", "Stand")]
    [InlineData("wri", "Writing Desk")]
    public async Task Finds_other_forms_and_unfinished_words(string typed, string expected)
    {
        Assert.Contains(await SearchAsync(typed), name => name.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_words_must_fit_and_the_last_may_be_unfinished()
    {
        var names = await SearchAsync("walnut writing de");

        Assert.NotEmpty(names);
        Assert.Contains("Writing Desk, walnut", names[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Understands_phrases_exclusions_and_alternatives()
    {
        var phrase = await SearchAsync("\"writing desk\"");
        Assert.NotEmpty(phrase);
        Assert.All(phrase, name => Assert.Contains("Writing Desk", name, StringComparison.Ordinal));

        var excluded = await SearchAsync("desk -writing");
        Assert.NotEmpty(excluded);
        Assert.All(excluded, name => Assert.DoesNotContain("Writing", name, StringComparison.Ordinal));

        var either = await SearchAsync("kilim or santoku");
        Assert.Contains(either, name => name.Contains("Kilim", StringComparison.Ordinal));
        Assert.Contains(either, name => name.Contains("Santoku", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Finds_brands_and_categories_and_combines_with_a_category()
    {
        Assert.NotEmpty(await SearchAsync("Klinge"));
        Assert.NotEmpty(await SearchAsync("office chairs"));

        var lamps = await _catalog.ListAsync("search=small&category=table-lamps&pageSize=100");
        Assert.All(lamps["items"]!.AsArray(), item => Assert.Equal("table-lamps", (string)item!["category"]!));
        Assert.NotEmpty(lamps["items"]!.AsArray());
    }

    [Fact]
    public async Task Finds_words_beyond_ascii()
    {
        Assert.Contains(await SearchAsync("bouclé"), name => name.Contains("bouclé", StringComparison.Ordinal));
        Assert.Contains(await SearchAsync("Bodø"), name => name.StartsWith("Bodø", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("'; DROP TABLE products; --")]
    [InlineData("desk' OR '1'='1")]
    [InlineData("desk:*")]
    [InlineData("!desk & | <-> (")]
    [InlineData("\\")]
    [InlineData("\"unclosed phrase")]
    [InlineData("-")]
    [InlineData("- -- ---")]
    [InlineData("or")]
    [InlineData("the")]
    [InlineData("%")]
    [InlineData("🪑 椅子 стул ⅷ")]
    [InlineData("a\0b")]
    [InlineData("zero\u200bwidth")]
    public async Task Takes_any_text_for_text(string typed)
    {
        await SearchAsync(typed);

        Assert.NotEmpty(await SearchAsync("desk"));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_do_no_harm()
    {
        using var response = await _catalog.Anonymous.GetAsync($"{CatalogApp.Products}?search=%ff%fe%ed%a0%80");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task White_space_is_no_search()
    {
        Assert.Equal((int)(await _catalog.ListAsync(""))["total"]!, (int)(await _catalog.ListAsync("search=%20%09"))["total"]!);
    }

    [Fact]
    public async Task A_search_as_long_as_a_book_is_refused()
    {
        using var response = await _catalog.Anonymous.GetAsync($"{CatalogApp.Products}?search={new string('x', 5000)}");

        var problem = await CatalogApp.ProblemAsync(response, HttpStatusCode.BadRequest);
        Assert.NotNull(problem["errors"]!["search"]);
    }

    [Fact]
    public async Task Two_hundred_words_of_one_letter_are_answered()
    {
        await SearchAsync(string.Join(' ', Enumerable.Repeat("x", 100)));
    }
}
