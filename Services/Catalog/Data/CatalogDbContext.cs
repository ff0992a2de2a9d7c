using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Availability;
using Shop.Catalog.Products;

namespace Shop.Catalog.Data;

/// <summary>The catalogue's database.</summary>
public sealed class CatalogDbContext(DbContextOptions<CatalogDbContext> options) : DbContext(options)
{
    /// <summary>
    /// Weights: a word in the name (A) counts more than in brand or category (B), and that more than in the description (C). Every
    /// text is in there twice, stemmed and as written: the second is what an unfinished word is compared with.
    /// </summary>
    private const string SearchVectorSql =
        "setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('simple', name), 'A') || "
        + "setweight(to_tsvector('english', brand || ' ' || replace(category, '-', ' ')), 'B') || "
        + "setweight(to_tsvector('simple', brand || ' ' || replace(category, '-', ' ')), 'B') || "
        + "setweight(to_tsvector('english', description), 'C') || setweight(to_tsvector('simple', description), 'C')";

    public DbSet<Product> Products => Set<Product>();

    public DbSet<ProductStock> Stock => Set<ProductStock>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging().Entity<ProductStock>(stock =>
    {
        stock.ToTable("product_stock");
        stock.HasKey(row => row.ProductId);
        stock.Property(row => row.ProductId).HasColumnName("product_id").ValueGeneratedNever();
        stock.Property(row => row.Available).HasColumnName("available");
        stock.Property(row => row.Version).HasColumnName("version");
    }).Entity<Product>(product =>
    {
        product.ToTable("products");
        product.HasKey(row => row.Id);
        product.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        product.Property(row => row.Name).HasColumnName("name").HasMaxLength(200);
        product.Property(row => row.Brand).HasColumnName("brand").HasMaxLength(100);
        product.Property(row => row.Category).HasColumnName("category").HasMaxLength(60);
        product.Property(row => row.Description).HasColumnName("description").HasMaxLength(4000);
        product.ComplexProperty(row => row.Price, price =>
        {
            price.Property(money => money.Amount).HasColumnName("price_amount");
            price.Property(money => money.Currency).HasColumnName("price_currency").HasMaxLength(3).IsFixedLength();
        });
        product.Property(row => row.Revision).HasColumnName("revision");
        product.Property(row => row.Announced).HasColumnName("announced").HasDefaultValue(false);
        product.Property(row => row.SearchVector).HasColumnName("search_vector").HasComputedColumnSql(SearchVectorSql, stored: true);
        product.HasIndex(row => row.SearchVector).HasMethod("GIN");

        // Empty as a rule.
        product.HasIndex(row => row.Announced).HasFilter("NOT announced");

        // In the order of the pages, so that a page is read from the index.
        product.HasIndex(row => new { row.Category, row.Name, row.Id });
        product.HasIndex(row => new { row.Name, row.Id });
    });
}
