namespace Trellis.Contracts.Tests;

public sealed class MessageChangesTests
{
    private const string Itself = "{ \"$ref\": \"#/components/schemas/shop.orders.placed.v1/properties/lines\" }";

    [Theory]
    [InlineData("\"action\": \"send\"", "\"action\": \"receive\"", "shop.orders.placed.v1 is no longer published")]
    [InlineData("\"receive-shop.orders.cancel.v1\": { \"action\": \"receive\"", "\"receive-shop.orders.cancel.v1\": { \"action\": \"send\"", "shop.orders.cancel.v1 is no longer handled")]
    [InlineData("\"note\": { \"type\": [ \"string\", \"null\" ] },", "", "shop.orders.placed.v1: the body no longer has the field note")]
    [InlineData("\"note\": {", "\"remark\": {", "shop.orders.placed.v1: the body no longer has the field note")]
    [InlineData("\"reason\": { \"type\": [ \"string\", \"null\" ] }", "\"reason\": { \"type\": \"string\" }", "shop.orders.cancel.v1: the body.reason has another type: String instead of Null, String")]
    [InlineData("\"format\": \"int32\"", "\"format\": \"int64\"", "shop.orders.placed.v1: the body.total has another format: int64 instead of int32")]
    [InlineData("\"format\": \"int32\"", "\"format\": \"int16\"", "shop.orders.placed.v1: the body.total has another format: int16 instead of int32")]
    [InlineData("\"type\": \"integer\", \"format\": \"int32\"", "\"type\": \"string\"", "shop.orders.placed.v1: the body.total has another type: String instead of Integer")]
    [InlineData("[ \"open\", \"paid\" ]", "[ \"open\", \"paid\", \"lost\" ]", "shop.orders.placed.v1: the body.state has other values: \"open\", \"paid\", \"lost\" instead of \"open\", \"paid\"")]
    [InlineData("[ \"open\", \"paid\" ]", "[ \"open\" ]", "shop.orders.placed.v1: the body.state has other values: \"open\" instead of \"open\", \"paid\"")]
    [InlineData("\"required\": [ \"orderId\", \"total\", ", "\"required\": [ \"orderId\", ", "shop.orders.placed.v1: the body may now lack the field total")]
    [InlineData("\"required\": [ \"orderId\", \"total\", ", "\"required\": [ \"orderId\", \"note\", \"total\", ", "shop.orders.placed.v1: the body now requires the field note")]
    [InlineData("\"required\": [ \"orderId\" ],", "\"required\": [ \"orderId\", \"by\" ],", "shop.orders.cancel.v1: the body now requires the field by")]
    [InlineData("\"required\": [ \"product\" ],", "", "shop.orders.placed.v1: the body.lines[] may now lack the field product")]
    [InlineData("\"partitionkey\"", "\"key\"", "shop.orders.placed.v1: the envelope no longer has the field partitionkey")]
    public void Names_what_old_readers_new_readers_or_senders_cannot_live_with(string piece, string replacement, string change) =>
        Assert.Contains(change, MessageChanges.Between(MessageContract.Document, MessageContract.With(piece, replacement)));

    [Theory]
    [InlineData("\"note\": {", "\"added\": { \"type\": [ \"string\", \"null\" ] }, \"note\": {")]
    [InlineData("\"reason\": {", "\"by\": { \"type\": \"object\", \"required\": [ \"name\" ], \"properties\": { \"name\": { \"type\": \"string\" } } }, \"reason\": {")]
    [InlineData("[ \"open\", \"paid\" ]", "[ \"paid\", \"open\" ]")]
    [InlineData("\"receive-shop.stock.gone.v1\": { \"action\": \"receive\", \"channel\": { \"$ref\": \"#/channels/shop.stock.gone.v1\" } }", "\"send-shop.stock.out.v1\": { \"action\": \"send\", \"channel\": { \"$ref\": \"#/channels/shop.stock.out.v1\" } }")]
    [InlineData("\"type\": \"object\", \"required\": [ \"orderId\" ],", "\"description\": \"New words.\", \"type\": \"object\", \"required\": [ \"orderId\" ],")]
    public void Lets_pass_optional_fields_new_messages_and_that_the_service_no_longer_listens_to_another(string piece, string replacement) =>
        Assert.Empty(MessageChanges.Between(MessageContract.Document, MessageContract.With(piece, replacement)));

    [Fact]
    public void What_a_reference_into_a_schema_leads_to_is_compared()
    {
        Assert.Empty(MessageChanges.Between(MessageContract.Document, MessageContract.With(Itself, Lines("string", Itself))));
        Assert.Contains(
            "shop.orders.placed.v1: the body.lines[].parts[].product has another type: Integer instead of String",
            MessageChanges.Between(MessageContract.Document, MessageContract.With(Itself, Lines("integer", Itself))));
    }

    [Fact]
    public void Schemas_that_hold_themselves_at_different_depths_are_compared_to_their_end()
    {
        var inside = Itself.Replace("/lines", "/lines/items/properties/parts", StringComparison.Ordinal);

        Assert.Empty(MessageChanges.Between(
            MessageContract.With(Itself, Lines("string", Itself)), MessageContract.With(Itself, Lines("string", Lines("string", inside)))));
    }

    [Fact]
    public void A_service_that_has_no_messages_any_more_breaks_those_that_have_to_do_with_its_own() => Assert.Equal(
        ["shop.orders.placed.v1 is no longer published", "shop.orders.cancel.v1 is no longer handled"],
        MessageChanges.Between(MessageContract.Document, newer: null));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"openapi\":\"3.1.1\"}")]
    [InlineData("{\"asyncapi\":\"3.0.0\",\"operations\":{\"send-x\":{}}}")]
    [InlineData("{\"asyncapi\":\"3.0.0\",\"operations\":[]}")]
    public void What_is_no_asyncapi_document_is_refused(string document) =>
        Assert.ThrowsAny<ArgumentException>(() => MessageChanges.Between(MessageContract.Document, document));

    private static string Lines(string product, string parts) =>
        $$"""{ "type": "array", "items": { "type": "object", "required": [ "product" ], "properties": { "product": { "type": "{{product}}" }, "parts": {{parts}} } } }""";
}
