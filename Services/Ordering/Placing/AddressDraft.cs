using System.ComponentModel.DataAnnotations;
using Shop.Ordering.Orders;

namespace Shop.Ordering.Placing;

/// <summary>Where an order is to go, as a customer sends it.</summary>
public sealed record AddressDraft
{
    [Required]
    [StringLength(200)]
    [PlainText]
    public string? Name { get; init; }

    [Required]
    [StringLength(200)]
    [PlainText]
    public string? Street { get; init; }

    [Required]
    [StringLength(20)]
    [PlainText]
    public string? PostalCode { get; init; }

    [Required]
    [StringLength(100)]
    [PlainText]
    public string? City { get; init; }

    [Required]
    [RegularExpression("^[A-Z]{2}$", ErrorMessage = "The country must be an ISO 3166-1 code of two letters, for example DE.")]
    public string? Country { get; init; }

    // Called once it is valid.
    internal Address ToAddress() => new(Name!, Street!, PostalCode!, City!, Country!);
}
