using System.ComponentModel.DataAnnotations;

namespace Shop.Catalog.Products;

/// <summary>
/// A product as a client sends it. Everything is nullable so that a body with several faults is answered with all of them at once,
/// not with the first that the deserializer meets.
/// </summary>
public sealed record ProductDraft
{
    [Required]
    [StringLength(200)]
    [PlainText]
    public string? Name { get; init; }

    [Required]
    [StringLength(100)]
    [PlainText]
    public string? Brand { get; init; }

    [Required]
    [StringLength(60)]
    [RegularExpression("^[a-z0-9]+(-[a-z0-9]+)*$", ErrorMessage = "The category must be lower-case words joined by hyphens, for example office-chairs.")]
    public string? Category { get; init; }

    [Required]
    [StringLength(4000)]
    [PlainText]
    public string? Description { get; init; }

    [Required]
    public PriceDraft? Price { get; init; }
}
