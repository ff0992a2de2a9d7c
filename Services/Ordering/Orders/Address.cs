namespace Shop.Ordering.Orders;

/// <summary>Where an order goes.</summary>
/// <param name="Name">Who gets it.</param>
/// <param name="Street">Street and number.</param>
/// <param name="PostalCode">The postal code.</param>
/// <param name="City">The city.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code.</param>
public sealed record Address(string Name, string Street, string PostalCode, string City, string Country);
