namespace Shop.Fulfilment.Contract;

/// <summary>Pieces of a product in a shipment.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Quantity">How many; at least 1.</param>
public sealed record ShipmentLine(Guid ProductId, int Quantity);
