using Microsoft.EntityFrameworkCore;

namespace Shop.Catalog.Products;

/// <summary>The full-text search, done by PostgreSQL over the generated column and its GIN index.</summary>
internal static class ProductSearch
{
    /// <summary>Stemming and stop words: "chairs" finds "chair".</summary>
    private const string Stemmed = "english";

    /// <summary>Words as they are: the vector holds them too, so that "adjustab" finds "adjustable", whose stem is "adjust".</summary>
    private const string AsWritten = "simple";

    public static IQueryable<Product> Matching(this IQueryable<Product> products, SearchText search) => search.Prefix is null
        ? products.Where(product => product.SearchVector.Matches(EF.Functions.WebSearchToTsQuery(Stemmed, search.Whole)))
        : products.Where(product => product.SearchVector.Matches(
            EF.Functions.WebSearchToTsQuery(Stemmed, search.Whole).Or(
                EF.Functions.WebSearchToTsQuery(Stemmed, search.Before).And(EF.Functions.ToTsQuery(AsWritten, search.Prefix)))));

    /// <summary>Best match first: a word in the name counts most, then brand and category, then the description.</summary>
    public static IQueryable<Product> ByRelevance(this IQueryable<Product> products, SearchText search) => (search.Prefix is null
        ? products.OrderByDescending(product => product.SearchVector.Rank(
            EF.Functions.WebSearchToTsQuery(Stemmed, search.Whole), NpgsqlTsRankingNormalization.DivideBy1PlusLogLength))
        : products.OrderByDescending(product => product.SearchVector.Rank(
            EF.Functions.WebSearchToTsQuery(Stemmed, search.Whole).Or(
                EF.Functions.WebSearchToTsQuery(Stemmed, search.Before).And(EF.Functions.ToTsQuery(AsWritten, search.Prefix))),
            NpgsqlTsRankingNormalization.DivideBy1PlusLogLength)))
        .ThenBy(product => product.Name)
        .ThenBy(product => product.Id);
}
