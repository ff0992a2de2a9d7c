using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Shop.Catalog.Products;

namespace Shop.Catalog.Data;

/// <summary>The assortment the shop opens with: <c>products.json</c>, part of the assembly.</summary>
internal static class ProductSeed
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <summary>Adds the products if there are none, all or nothing. The caller holds the lock that keeps other replicas out.</summary>
    /// <returns>How many were added.</returns>
    public static async Task<int> FillIfEmptyAsync(CatalogDbContext database, CancellationToken cancellationToken)
    {
        if (await database.Products.AnyAsync(cancellationToken))
        {
            return 0;
        }

        await using var file = typeof(ProductSeed).Assembly.GetManifestResourceStream("products.json")
            ?? throw new InvalidOperationException("products.json is not part of the assembly.");
        var added = 0;
        var connection = (NpgsqlConnection)database.Database.GetDbConnection();
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY products (id, name, brand, category, description, price_amount, price_currency, revision) FROM STDIN (FORMAT BINARY)",
            cancellationToken);
        await foreach (var product in JsonSerializer.DeserializeAsyncEnumerable<ProductDetails>(file, Format, cancellationToken))
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(product!.Id, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(product.Name, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(product.Brand, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(product.Category, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(product.Description, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(product.Price.Amount, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(product.Price.Currency, NpgsqlDbType.Char, cancellationToken);
            await copy.WriteAsync(Guid.NewGuid(), NpgsqlDbType.Uuid, cancellationToken);
            added++;
        }

        await copy.CompleteAsync(cancellationToken);
        return added;
    }
}
