using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace Shop.Catalog.Products;

/// <summary>Which products are asked for.</summary>
public sealed record ProductQuery
{
    [Description("Words to look for. Understands \"quoted phrases\", -exclusions and or; the last word may be unfinished.")]
    [FromQuery(Name = "search")]
    [StringLength(200)]
    public string? Search { get; init; }

    [Description("Only products of this category, for example office-chairs.")]
    [FromQuery(Name = "category")]
    [StringLength(60)]
    public string? Category { get; init; }

    [Description("The page, counted from 1.")]
    [FromQuery(Name = "page")]
    [Range(1, 1_000_000)]
    [DefaultValue(1)]
    public int? Page { get; init; }

    [Description("The most items on the page.")]
    [FromQuery(Name = "pageSize")]
    [Range(1, 100)]
    [DefaultValue(20)]
    public int? PageSize { get; init; }
}
