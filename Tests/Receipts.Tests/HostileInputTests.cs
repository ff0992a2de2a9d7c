using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using UglyToad.PdfPig;

namespace Shop.Receipts.Tests;

/// <summary>What nobody should send.</summary>
[Collection(ReceiptsCollection.Name)]
public sealed class HostileInputTests(ReceiptsProgram program) : IAsyncLifetime
{
    private ReceiptsProcess _service = null!;

    public async Task InitializeAsync() => _service = await ReceiptsProcess.ServeAsync(program.Command);

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Theory]
    [InlineData("lines.0.quantity", "0", "lines[0].quantity")]
    [InlineData("lines.0.quantity", "-2", "lines[0].quantity")]
    [InlineData("lines.0.quantity", "1.5", "lines[0].quantity")]
    [InlineData("lines.0.quantity", "\"2\"", "lines[0].quantity")]
    [InlineData("lines.0.quantity", "99999999999", "lines[0].quantity")]
    [InlineData("lines.0.unitPrice.amount", "-62475", "lines[0].unitPrice.amount")]
    [InlineData("lines.0.unitPrice.amount", "9223372036854775807", "lines[0].unitPrice.amount")]
    [InlineData("lines.0.unitPrice.currency", "\"USD\"", "lines[0].unitPrice.currency")]
    [InlineData("lines.0.unitPrice", "null", "lines[0].unitPrice")]
    [InlineData("lines.0.name", "\"\"", "lines[0].name")]
    [InlineData("lines.0.name", "\"\\u200b\\u0007\"", "lines[0].name")]
    [InlineData("lines.0.name", "\"\\ud800\"", "lines[0].name")]
    [InlineData("lines.1", "null", "lines[1]")]
    [InlineData("lines", "[]", "lines")]
    [InlineData("lines", "null", "lines")]
    [InlineData("total.amount", "-1", "total.amount")]
    [InlineData("total.amount", "125948", "total.amount")]
    [InlineData("total.currency", "\"EURO\"", "total.currency")]
    [InlineData("total.currency", "\"eur\"", "total.currency")]
    [InlineData("total.currency", "null", "total.currency")]
    [InlineData("total", "null", "total")]
    [InlineData("id", "\"../../etc/passwd\"", "id")]
    [InlineData("id", "null", "id")]
    [InlineData("placedAt", "\"yesterday\"", "placedAt")]
    [InlineData("status", "\"Submitted\"", "status")]
    [InlineData("status", "\"Cancelled\"", "status")]
    public async Task A_wrong_field_is_named(string path, string value, string field)
    {
        var order = Orders.Paid();
        JsonNode place = order;
        var steps = path.Split('.');
        foreach (var step in steps[..^1])
        {
            place = (place is JsonArray array ? array[int.Parse(step)] : place[step])!;
        }

        // A text of its own: not all of these can be a node of JSON.
        var mark = "\"@\"";
        if (place is JsonArray list)
        {
            list[int.Parse(steps[^1])] = "@";
        }
        else
        {
            place[steps[^1]] = "@";
        }

        using var answer = await PostAsync(order.ToJsonString().Replace(mark, value, StringComparison.Ordinal));
        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
        Assert.DoesNotContain("Shop.Receipts", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    [InlineData("<order/>")]
    [InlineData("{\"id\":\"0198f6b5-3c5d-7b1e-9a51-0d5d2c1f4a11\",\"id\":\"0198f6b5-3c5d-7b1e-9a51-0d5d2c1f4a11\"}")]
    public async Task What_is_no_order_is_refused(string body)
    {
        using var plain = await PostAsync(body);
        using var structured = await PostAsync(body, "application/cloudevents+json");

        await ProblemAsync(plain, HttpStatusCode.BadRequest);
        await ProblemAsync(structured, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("specversion", "0.3")]
    [InlineData("type", "shop.ordering.order-cancelled.v1")]
    [InlineData("id", null)]
    [InlineData("source", null)]
    [InlineData("data", null)]
    public async Task An_event_that_is_not_the_one_is_refused(string attribute, string? value)
    {
        var envelope = Orders.Envelope();
        envelope.Remove(attribute);
        if (value is not null)
        {
            envelope[attribute] = value;
        }

        using var answer = await PostAsync(envelope.ToJsonString(), "application/cloudevents+json");
        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest);

        Assert.Equal(attribute, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/cloudevents-batch+json")]
    [InlineData("application/json; charset=klingon")]
    public async Task Other_media_types_are_refused(string contentType)
    {
        using var answer = await PostAsync(Orders.Paid().ToJsonString(), contentType);

        await ProblemAsync(answer, HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_name_cannot_become_a_part_of_the_page_nor_turn_its_letters_around()
    {
        const string Evil = "</td><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u202Etxt\u2028\n\0";
        var order = Orders.Paid();
        order["lines"]![0]!["name"] = Evil;
        foreach (var field in new[] { "name", "street", "postalCode", "city", "country" })
        {
            order["shippingAddress"]![field] = Evil;
        }

        using var answer = await PostAsync(order.ToJsonString());
        var page = await answer.Content.ReadAsStringAsync();
        using var pdfAnswer = await PostAsync(order.ToJsonString(), accept: "application/pdf");
        using var pdf = PdfDocument.Open(await pdfAnswer.Content.ReadAsByteArrayAsync());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', page);
        Assert.Contains("<script>alert(1)", string.Concat(pdf.GetPages().Select(sheet => sheet.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_that_the_font_does_not_have_are_marked_in_a_PDF()
    {
        var order = Orders.Paid();
        order["shippingAddress"]!["name"] = "李 (Li)";

        using var answer = await PostAsync(order.ToJsonString(), accept: "application/pdf");
        using var pdf = PdfDocument.Open(await answer.Content.ReadAsByteArrayAsync());

        Assert.Contains("\uFFFD (Li)", pdf.GetPage(1).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_lines_too_much_text_and_too_large_a_body_are_refused()
    {
        var wide = Orders.Paid();
        wide["shippingAddress"]!["street"] = new string('x', 201);

        using var lines = await PostAsync(Orders.Long(501).ToJsonString());
        using var text = await PostAsync(wide.ToJsonString());
        using var body = await PostAsync(Orders.Paid().ToJsonString() + new string(' ', 1024 * 1024));
        using var deep = await PostAsync(string.Concat(Enumerable.Repeat("{\"lines\":[", 5000)));

        await ProblemAsync(lines, HttpStatusCode.BadRequest);
        await ProblemAsync(text, HttpStatusCode.BadRequest);
        await ProblemAsync(body, HttpStatusCode.RequestEntityTooLarge);
        await ProblemAsync(deep, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Nobody_is_named_in_the_log()
    {
        using var good = await PostAsync(Orders.Paid().ToJsonString());
        using var bad = await PostAsync(Orders.Paid().ToJsonString().Replace("\"quantity\":2", "\"quantity\":\"Zoë\"", StringComparison.Ordinal));
        using var unreadable = await PostAsync("Zoë O'Brien");
        await _service.TerminateAsync();
        Assert.Equal(0, await _service.EndAsync());

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Contains("Rendered a receipt with 2 lines", _service.Output, StringComparison.Ordinal);
        Assert.All(["Zo", "Brien", "Paris", "75001", "stuhl"], text => Assert.DoesNotContain(text, _service.Output, StringComparison.Ordinal));
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
        return problem;
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string contentType = "application/json", string accept = "*/*")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/receipts")
        {
            Content = new StringContent(body, Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
            Headers = { { "Accept", accept } },
        };
        request.Headers.ExpectContinue = body.Length > 1024 * 1024;
        return await _service.Http.SendAsync(request);
    }
}
