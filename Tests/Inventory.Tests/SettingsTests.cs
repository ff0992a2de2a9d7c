using System.Net;
using Shop.Inventory.Rpc;
using Trellis.ServiceDefaults.Configuration;

namespace Shop.Inventory.Tests;

[Collection(InventoryCollection.Name)]
public sealed class SettingsTests(InventoryServers servers)
{
    [Fact]
    public void The_document_of_the_settings_is_what_they_are() => SettingsDocument.IsCurrent(
        "inventory",
        Group("Reservations", "Shop.Inventory.Reservations.ReservationSettings"),
        Group("Stock", "Shop.Inventory.Stock.StockSettings"),
        Group("Watch", "Shop.Inventory.Watching.WatchSettings"));

    [Fact]
    public async Task Probes_are_answered_in_http_1_on_the_management_port_while_the_other_speaks_grpc()
    {
        var port = FreePort.Next();
        await using var inventory = await servers.StartInventoryWithManagementAsync(port);
        using var http = new HttpClient();

        _ = inventory.Address;
        await Eventually.TrueAsync(
            async () => (await http.GetAsync($"http://127.0.0.1:{port}/ready")).StatusCode == HttpStatusCode.OK, "The inventory was not ready");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"http://127.0.0.1:{port}/metrics")).StatusCode);
        using var redriven = await http.PostAsync(new Uri($"http://127.0.0.1:{port}/dead-letters/redrive"), content: null);
        Assert.Equal(HttpStatusCode.OK, redriven.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await inventory.ReadyAsync());
        var product = await inventory.AddProductAsync(2);
        Assert.Equal(2, (await inventory.Reader.GetStockAsync(new GetStockRequest { ProductId = product.ToString() })).OnHand);
    }

    private static SettingsGroup Group(string section, string type) => new(section, typeof(Program).Assembly.GetType(type)!);
}
