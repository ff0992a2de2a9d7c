using System.Text.Json;
using Shop.Inventory.Rpc;
using Xunit.Abstractions;

namespace Shop.Inventory.Tests;

/// <summary>What the contract's encoding saves.</summary>
public sealed class PayloadTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(500)]
    public void An_answer_is_at_least_30_percent_smaller_than_the_same_in_json(int products)
    {
        var random = new Random(17);
        var answer = new GetStocksResponse();
        for (var product = 0; product < products; product++)
        {
            var (onHand, reserved) = (random.Next(500), random.Next(50));
            answer.Stocks.Add(new StockLevel
            {
                ProductId = Guid.NewGuid().ToString(),
                OnHand = onHand + reserved,
                Reserved = reserved,
                Available = onHand,
                Version = random.Next(1, 5000),
            });
        }

        var binary = answer.CalculateSize();
        var json = JsonSerializer.SerializeToUtf8Bytes(new { answer.Stocks, answer.UnknownProductIds }, JsonSerializerOptions.Web).Length;

        output.WriteLine($"{products} products: {binary} bytes, as JSON {json}; {1 - ((double)binary / json):P0} smaller");
        Assert.InRange(binary, 1, json * 0.7);
    }
}
