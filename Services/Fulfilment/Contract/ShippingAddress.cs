namespace Shop.Fulfilment.Contract;

/// <summary>Where an order goes.</summary>
/// <param name="Name">Of whoever receives it.</param>
/// <param name="Street">With the number of the house.</param>
/// <param name="PostalCode">As it is written in the country.</param>
/// <param name="City">The town.</param>
/// <param name="Country">Two capital letters, ISO 3166-1 alpha-2.</param>
public sealed record ShippingAddress(string Name, string Street, string PostalCode, string City, string Country);
