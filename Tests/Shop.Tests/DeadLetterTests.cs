using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>What a person does with the messages that a service has set aside.</summary>
[Collection(ShopApplicationCollection.Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DeadLetterTests(ShopApplication shop)
{
    [Fact]
    public async Task The_command_of_the_dashboard_has_dead_letters_handled_again()
    {
        // What a broken release of Ordering would publish.
        var id = Guid.CreateVersion7();
        await PublishAsync(id, "shop.ordering.order-completed.v1", "{\"orderId\":");
        using var fulfilment = shop.ClientOf("fulfilment", "management");
        JsonNode? letter = null;
        await Eventually.TrueAsync(async () => (letter = await LetterAsync(fulfilment, id)) is not null, "Fulfilment did not set the message aside", seconds: 60);
        Assert.Contains("cannot be read", (string)letter!["reason"]!, StringComparison.Ordinal);

        var answer = await shop.CommandAsync("fulfilment", "redrive-dead-letters");

        Assert.True(answer.Success, answer.Message);
        Assert.Equal("One dead letter was put back.", answer.Message);

        // It is no better than it was: that it is here again, set aside later, shows that it has been handled again.
        var before = (DateTimeOffset)letter["deadSince"]!;
        await Eventually.TrueAsync(
            async () => await LetterAsync(fulfilment, id) is { } again && (DateTimeOffset)again["deadSince"]! > before, "the message was not handled again", seconds: 60);
    }

    private static async Task<JsonNode?> LetterAsync(HttpClient service, Guid id)
    {
        var letters = await service.GetFromJsonAsync<JsonArray>("/dead-letters");
        return letters!.SingleOrDefault(letter => (Guid)letter!["id"]! == id);
    }

    private async Task PublishAsync(Guid id, string type, string body)
    {
        await using var database = new NpgsqlConnection(await shop.ConnectionStringAsync("orderingdb"));
        await database.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO outbox_messages (id, position, ordinal, partition, type, occurred_at, headers, body, attempts)
            VALUES ($1, nextval('outbox_position'), 0, 0, $2, now(), jsonb_build_object('specversion', '1.0', 'id', $1::text, 'source', '/ordering', 'type', $2), $3, 0)
            """,
            database)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = id }, new NpgsqlParameter<string> { TypedValue = type },
                new NpgsqlParameter<byte[]> { TypedValue = System.Text.Encoding.UTF8.GetBytes(body) },
            },
        };
        await command.ExecuteNonQueryAsync();
    }
}
