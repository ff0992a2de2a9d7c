using Trellis.Tests;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class MetricsTests(CatalogServers servers)
{
    [Fact]
    public async Task The_connections_to_postgres_and_redis_are_measured()
    {
        await using var catalog = await servers.StartCatalogAsync();
        await catalog.ListAsync("search=desk");

        // The exporter gives a scrape again for a moment.
        await Eventually.TrueAsync(
            async () =>
            {
                var scrape = await catalog.Anonymous.GetStringAsync("/metrics");
                return scrape.Contains("\ndb_client_connection_count{", StringComparison.Ordinal)
                    && scrape.Contains("\nredis_client_connection_up", StringComparison.Ordinal)
                    && scrape.Contains("\nredis_client_commands_total", StringComparison.Ordinal);
            },
            "The metrics were not there");
    }
}
