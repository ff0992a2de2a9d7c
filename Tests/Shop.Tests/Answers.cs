using System.Net;
using System.Text.Json.Nodes;

namespace Shop.Tests;

/// <summary>What every answer of the system's public API has to be.</summary>
internal static class Answers
{
    public static async Task<JsonNode> JsonAsync(HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>Asserts that the answer is a problem (RFC 9457) with a trace's id and without a stack trace.</summary>
    public static async Task<JsonNode> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        var problem = await JsonAsync(response, status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.Matches("^[0-9a-f]{32}$", (string)problem["traceId"]!);
        Assert.DoesNotContain("   at ", problem.ToJsonString(), StringComparison.Ordinal);
        return problem;
    }

    /// <summary>Asserts that two answers show the same product, except for its stock: the inventory may tell of it in between.</summary>
    public static void SameProduct(JsonNode expected, JsonNode actual) =>
        Assert.Equal(WithoutStock(expected).ToJsonString(), WithoutStock(actual).ToJsonString());

    /// <summary>A product as a client would send it.</summary>
    public static JsonObject Lamp(string name) => new()
    {
        ["name"] = name,
        ["brand"] = "Probe",
        ["category"] = "table-lamps",
        ["description"] = "A lamp that only tests switch on.",
        ["price"] = new JsonObject { ["amount"] = 4990, ["currency"] = "EUR" },
    };

    private static JsonObject WithoutStock(JsonNode product)
    {
        var copy = product.DeepClone().AsObject();
        copy.Remove("available");
        return copy;
    }
}
