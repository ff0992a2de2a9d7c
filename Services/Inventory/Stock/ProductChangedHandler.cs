using Shop.Catalog.Contract;
using Trellis.Messaging;

namespace Shop.Inventory.Stock;

/// <summary>A product that the catalogue offers is counted from then on. One that it withdraws stays: its pieces are still there.</summary>
internal sealed class ProductChangedHandler(StockOpening opening) : IMessageHandler<ProductChanged>
{
    public Task HandleAsync(ProductChanged message, MessageContext context, CancellationToken cancellationToken) =>
        opening.OpenAsync(message.ProductId, cancellationToken);
}
