namespace Trellis.Contracts.Tests;

public sealed class BreakingChangesTests
{
    [Theory]
    [InlineData("\"/orders/{id}\"", "\"/orders/one/{id}\"", "/orders/{id} was removed")]
    [InlineData("\"delete\"", "\"put\"", "DELETE /orders/{id} was removed")]
    [InlineData("\"400\"", "\"422\"", "GET /orders: the response 400 was removed")]
    [InlineData("\"name\": \"size\"", "\"name\": \"length\"", "GET /orders: the parameter size was removed")]
    [InlineData("\"in\": \"query\", \"schema\": { \"enum\"", "\"in\": \"query\", \"required\": true, \"schema\": { \"enum\"", "GET /orders: the parameter state is now required")]
    [InlineData("\"parameters\": [\n          { \"name\": \"state\"", "\"parameters\": [ { \"name\": \"tenant\", \"in\": \"header\", \"required\": true, \"schema\": { \"type\": \"string\" } },\n          { \"name\": \"state\"", "GET /orders: the new parameter tenant is required")]
    [InlineData("{ \"name\": \"state\", \"in\": \"query\", \"schema\": { \"enum\": [ \"open\", \"sent\" ]", "{ \"name\": \"state\", \"in\": \"query\", \"schema\": { \"enum\": [ \"open\" ]", "GET /orders: the parameter state has other values: \"open\" instead of \"open\", \"sent\"")]
    [InlineData("\"maximum\": 100", "\"maximum\": 50", "GET /orders: the parameter size has a narrower maximum: 50 instead of 100")]
    [InlineData("\"minimum\": 1", "\"minimum\": 2", "GET /orders: the parameter size has a narrower minimum: 2 instead of 1")]
    [InlineData("\"type\": \"integer\", \"format\": \"int32\"", "\"type\": \"string\", \"format\": \"int32\"", "GET /orders: the parameter size has another type: String instead of Integer")]
    [InlineData("\"required\": [ \"lines\" ]", "\"required\": [ \"lines\", \"note\" ]", "POST /orders: the body now requires the field note")]
    [InlineData("\"weight\": { \"type\": \"number\" },", "", "POST /orders: the body no longer has the field weight")]
    [InlineData("\"type\": \"number\"", "\"type\": \"integer\"", "POST /orders: the body.weight has another type: Integer instead of Number")]
    [InlineData("[ \"null\", \"string\" ]", "\"string\"", "POST /orders: the body.note has another type: String instead of Null, String")]
    [InlineData("^[a-z]*$", "^[a-z]+$", "POST /orders: the body.note has another pattern: ^[a-z]+$ instead of ^[a-z]*$")]
    [InlineData("\"maxLength\": 40", "\"maxLength\": 39", "POST /orders: the body.lines[] has a narrower maxLength: 39 instead of 40")]
    [InlineData("\"minItems\": 1", "\"minItems\": 2", "POST /orders: the body.lines has a narrower minItems: 2 instead of 1")]
    [InlineData("{ \"application/json\": { \"schema\": { \"$ref\": \"#/components/schemas/Draft\"", "{ \"text/json\": { \"schema\": { \"$ref\": \"#/components/schemas/Draft\"", "POST /orders: a body of type application/json is no longer taken")]
    [InlineData("\"headers\": { \"Location\"", "\"headers\": { \"ETag\"", "POST /orders: the response 201 no longer has the header Location")]
    [InlineData("\"hint\": { \"type\": \"string\" },", "", "POST /orders: the response 201 no longer has the field hint")]
    [InlineData("\"required\": [ \"id\", \"total\" ]", "\"required\": [ \"id\" ]", "POST /orders: the response 201 may now lack the field total")]
    [InlineData("\"id\": { \"type\": \"string\" }", "\"id\": { \"type\": [ \"null\", \"string\" ] }", "POST /orders: the response 201.id has another type: Null, String instead of String")]
    [InlineData("\"state\": { \"enum\": [ \"open\", \"sent\" ] }", "\"state\": { \"enum\": [ \"open\", \"sent\", \"lost\" ] }", "POST /orders: the response 201.state has other values: \"open\", \"sent\", \"lost\" instead of \"open\", \"sent\"")]
    [InlineData("\"orders.write\"", "\"orders.admin\"", "POST /orders: Http bearer and Http bearer orders.write no longer suffices")]
    [InlineData("\"scheme\": \"bearer\"", "\"scheme\": \"basic\"", "POST /orders: Http bearer and Http bearer orders.write no longer suffices")]
    [InlineData("\"get\": {", "\"get\": { \"security\": [ { \"token\": [] } ],", "GET /orders: credentials are now required")]
    public void Names_what_takes_something_away_from_clients(string piece, string replacement, string change)
    {
        var changes = BreakingChanges.Between(Contract.Document.ReplaceLineEndings("\n"), Contract.With(piece, replacement));

        Assert.Contains(change, changes);
    }

    [Theory]
    [InlineData("\"400\"", "\"404\": { \"description\": \"Not Found\" }, \"400\"")]
    [InlineData("\"paths\": {", "\"paths\": { \"/new\": { \"get\": { \"responses\": { \"200\": { \"description\": \"OK\" } } } },")]
    [InlineData("\"delete\"", "\"get\": { \"responses\": { \"200\": { \"description\": \"OK\" } } }, \"delete\"")]
    [InlineData("\"parameters\": [\n          { \"name\": \"state\"", "\"parameters\": [ { \"name\": \"tenant\", \"in\": \"header\", \"schema\": { \"type\": \"string\" } },\n          { \"name\": \"state\"")]
    [InlineData("{ \"name\": \"state\", \"in\": \"query\", \"schema\": { \"enum\": [ \"open\", \"sent\" ]", "{ \"name\": \"state\", \"in\": \"query\", \"schema\": { \"enum\": [ \"sent\", \"lost\", \"open\" ]")]
    [InlineData("\"maximum\": 100", "\"maximum\": 200")]
    [InlineData(", \"maximum\": 100", "")]
    [InlineData("\"format\": \"int32\"", "\"format\": \"int64\"")]
    [InlineData("\"required\": [ \"lines\" ],", "")]
    [InlineData("\"weight\": { \"type\": \"number\" },", "\"weight\": { \"type\": [ \"null\", \"number\" ] }, \"colour\": { \"type\": \"string\" },")]
    [InlineData("\"requestBody\": { \"required\": true", "\"requestBody\": { \"required\": false")]
    [InlineData("\"hint\": { \"type\": \"string\" },", "\"hint\": { \"type\": \"string\", \"maxLength\": 5 }, \"added\": { \"type\": \"string\" },")]
    [InlineData("\"required\": [ \"id\", \"total\" ]", "\"required\": [ \"id\", \"total\", \"hint\", \"added\" ]")]
    [InlineData("\"format\": \"int64\"", "\"format\": \"int32\"")]
    [InlineData("\"state\": { \"enum\": [ \"open\", \"sent\" ] }", "\"state\": { \"enum\": [ \"open\" ] }")]
    [InlineData("[ { \"token\": [ \"orders.write\" ] } ]", "[ { \"token\": [ \"orders.write\" ] }, { \"token\": [ \"all\" ] } ]")]
    [InlineData("[ { \"token\": [ \"orders.write\" ] } ]", "[]")]
    [InlineData("\"title\": \"Orders\"", "\"title\": \"The orders\", \"description\": \"New words.\"")]
    public void Lets_pass_what_every_client_can_live_with(string piece, string replacement) =>
        Assert.Empty(BreakingChanges.Between(Contract.Document, Contract.With(piece, replacement)));

    [Fact]
    public void A_schema_that_holds_itself_is_compared_to_its_end() =>
        Assert.Empty(BreakingChanges.Between(Contract.Document, Contract.Document));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"name\":\"no document\"}")]
    public void What_is_no_openapi_document_is_refused(string document) =>
        Assert.ThrowsAny<ArgumentException>(() => BreakingChanges.Between(Contract.Document, document));
}
