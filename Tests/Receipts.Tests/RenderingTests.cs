using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using UglyToad.PdfPig;

namespace Shop.Receipts.Tests;

/// <summary>Receipts by HTTP.</summary>
[Collection(ReceiptsCollection.Name)]
public sealed class RenderingTests(ReceiptsProgram program) : IAsyncLifetime
{
    private ReceiptsProcess _service = null!;

    public async Task InitializeAsync() => _service = await ReceiptsProcess.ServeAsync(program.Command);

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task An_order_becomes_a_page()
    {
        using var answer = await PostAsync(Orders.Paid());
        var page = await answer.Content.ReadAsStringAsync();

        Assert.True(answer.StatusCode == HttpStatusCode.OK, page + _service.Output);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("no-store", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Contains("style-src 'sha256-", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.All(
            [Orders.Id, "2026-03-01 11:30 UTC", "Bürostuhl „Łódź“", "Лампа", "624.75 EUR", "1,249.50 EUR", "9.99 EUR", "<td>1,259.49 EUR</td></tr></tfoot>", "Zoë O&#x27;Brien-Ångström", "75001 Paris"],
            text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Or_a_PDF_that_has_its_letters_in_it()
    {
        using var answer = await PostAsync(Orders.Paid(), "application/pdf");
        using var pdf = PdfDocument.Open(await answer.Content.ReadAsByteArrayAsync());
        var page = pdf.GetPage(1);

        Assert.Equal("application/pdf", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal($"inline; filename=\"receipt-{Orders.Id}.pdf\"", answer.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal($"Receipt {Orders.Id}", pdf.Information.Title);
        Assert.All(
            [$"Order {Orders.Id}", "Bürostuhl „Łódź“", "Лампа", "1,249.50 EUR", "1,259.49 EUR", "Zoë O'Brien-Ångström", "75001 Paris"],
            text => Assert.Contains(text, page.Text, StringComparison.Ordinal));
        Assert.All(page.Letters, letter => Assert.InRange(letter.EndBaseLine.X, 49, 546));
    }

    [Fact]
    public async Task Five_hundred_lines_with_five_hundred_letters_take_the_pages_that_they_need()
    {
        using var answer = await PostAsync(Orders.Long(500), "application/pdf");
        using var pdf = PdfDocument.Open(await answer.Content.ReadAsByteArrayAsync());
        var pages = pdf.GetPages().ToList();

        Assert.True(pages.Count > 10);
        Assert.Contains("Product 0 Ѐ", pages[0].Text, StringComparison.Ordinal);
        Assert.Contains("500.00 EUR", pages[^1].Text, StringComparison.Ordinal);
        Assert.All(pages, page => Assert.All(page.Letters, letter => Assert.InRange(letter.StartBaseLine.Y, 50, page.Height)));
    }

    [Theory]
    [InlineData(null, "text/html")]
    [InlineData("*/*", "text/html")]
    [InlineData("application/*", "application/pdf")]
    [InlineData("text/html;q=0.5, application/pdf", "application/pdf")]
    [InlineData("application/pdf;q=0, */*", "text/html")]
    [InlineData("image/png", null)]
    [InlineData("text/html;q=0", null)]
    public async Task The_caller_chooses(string? accept, string? expected)
    {
        using var answer = await PostAsync(Orders.Paid(), accept);

        Assert.Equal(expected is null ? HttpStatusCode.NotAcceptable : HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected ?? "application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Accept", answer.Headers.Vary.First());
    }

    [Theory]
    [InlineData("JPY", "125,949 JPY")]
    [InlineData("KWD", "125.949 KWD")]
    [InlineData("USD", "1,259.49 USD")]
    public async Task Amounts_have_the_decimals_of_their_currency(string currency, string expected)
    {
        var order = JsonNode.Parse(Orders.Paid().ToJsonString().Replace("EUR", currency, StringComparison.Ordinal))!.AsObject();
        using var answer = await PostAsync(order);

        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_becomes_one_in_binary_mode()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/receipts") { Content = Json(Orders.Completed()) };
        foreach (var (name, value) in new[] { ("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/ordering"), ("ce-type", "shop.ordering.order-completed.v1") })
        {
            request.Headers.Add(name, value);
        }

        using var answer = await _service.Http.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Contains("1,259.49 EUR", page, StringComparison.Ordinal);
        Assert.DoesNotContain("customer-4711", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task And_in_structured_mode_with_its_data_as_JSON_or_base64()
    {
        var envelope = Orders.Envelope();
        using var asJson = await PostAsync(envelope, contentType: "application/cloudevents+json; charset=utf-8");
        envelope["data_base64"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Orders.Completed().ToJsonString()));
        envelope.Remove("data");
        using var asBase64 = await PostAsync(envelope, contentType: "application/cloudevents+json");

        Assert.Contains("1,259.49 EUR", await asJson.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("1,259.49 EUR", await asBase64.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_healthy_and_ready_and_describes_itself()
    {
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.GetAsync("/ready")).StatusCode);
        Assert.Contains("\"/api/receipts\"", await _service.Http.GetStringAsync("/openapi/v1.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_build_renders_as_native_code_does()
    {
        await using var built = await ReceiptsProcess.ServeAsync(ReceiptsProgram.Built);
        using var expected = await PostAsync(Orders.Paid());
        using var answer = await built.Http.PostAsync("/api/receipts", Json(Orders.Paid()));

        Assert.Equal(await expected.Content.ReadAsStringAsync(), await answer.Content.ReadAsStringAsync());
    }

    private static StringContent Json(JsonNode body, string contentType = "application/json") =>
        new(body.ToJsonString(), Encoding.UTF8) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };

    private async Task<HttpResponseMessage> PostAsync(JsonNode body, string? accept = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/receipts") { Content = Json(body, contentType) };
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await _service.Http.SendAsync(request);
    }
}
