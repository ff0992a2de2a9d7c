using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using Trellis.Messaging.Contracts;

namespace Trellis.Messaging.Tests.Contracts;

public sealed class MessageSchemaTests
{
    private static readonly JsonObject Written = MessageSchema.Of(typeof(EveryShape), new RecordDocumentation());

    public static TheoryData<string> Bodies { get; } =
    [
        JsonSerializer.Serialize(EveryShape.Full, MessageFormat.Options),
        JsonSerializer.Serialize(EveryShape.Sparse, MessageFormat.Options),
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task What_is_sent_keeps_to_the_schema(string body) => Assert.Empty((await SchemaAsync()).Validate(body));

    [Theory]
    [InlineData("id", "\"no uuid\"")]
    [InlineData("count", "\"1\"")]
    [InlineData("count", "1.5")]
    [InlineData("amount", null)]
    [InlineData("weight", "\"12.50\"")]
    [InlineData("at", "\"yesterday\"")]
    [InlineData("colour", "\"Blue\"")]
    [InlineData("colour", "1")]
    [InlineData("level", "2")]
    [InlineData("place", "null")]
    [InlineData("place", "{}")]
    [InlineData("places", "[null]")]
    [InlineData("places", "[{\"name\":1,\"shelf\":null}]")]
    [InlineData("marks", "{\"a\":\"b\"}")]
    [InlineData("tree", "{\"branches\":[{\"branches\":[{}]}]}")]
    [InlineData("elsewhere", "{\"shelf\":null}")]
    [InlineData("limit", null)]
    public async Task What_could_not_be_sent_does_not_keep_to_it(string field, string? value)
    {
        var body = JsonSerializer.SerializeToNode(EveryShape.Full, MessageFormat.Options)!.AsObject();
        body.Remove(field);
        if (value is not null)
        {
            body[field] = JsonNode.Parse(value);
        }

        Assert.NotEmpty((await SchemaAsync()).Validate(body.ToJsonString()));
    }

    [Theory]
    [InlineData("elsewhere")]
    [InlineData("note")]
    public async Task A_parameter_with_a_default_may_be_missing_as_in_messages_that_are_older(string field)
    {
        var body = JsonSerializer.SerializeToNode(EveryShape.Full, MessageFormat.Options)!.AsObject();
        body.Remove(field);

        Assert.Empty((await SchemaAsync()).Validate(body.ToJsonString()));
    }

    [Theory]
    [InlineData("count", "int32")]
    [InlineData("amount", "int64")]
    [InlineData("weight", "decimal")]
    [InlineData("limit", "int32")]
    public void Says_how_wide_a_number_is(string field, string format) => Assert.Equal(format, (string)Written["properties"]![field]!["format"]!);

    [Fact]
    public void Says_what_the_documentation_of_the_record_says()
    {
        Assert.Equal("A message with all that a record can hold.", (string)Written["description"]!);
        Assert.Equal("The number of EveryShape, in two lines.", (string)Written["properties"]!["id"]!["description"]!);
        Assert.Equal("May be missing.", (string)Written["properties"]!["note"]!["description"]!);
        Assert.Null(Written["properties"]!["count"]!["description"]);
    }

    private static Task<JsonSchema> SchemaAsync() => JsonSchema.FromJsonAsync(Written.ToJsonString());
}
