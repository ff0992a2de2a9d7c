using System.Text;
using UglyToad.PdfPig;

namespace Shop.Receipts.Tests;

/// <summary>The same program where Lambda starts it.</summary>
[Collection(ReceiptsCollection.Name)]
public sealed class LambdaTests(ReceiptsProgram program) : IAsyncLifetime
{
    private const string Problem = "application/problem+json";

    private FakeRuntimeApi _lambda = null!;

    public async Task InitializeAsync() => _lambda = await FakeRuntimeApi.StartAsync();

    public async Task DisposeAsync() => await _lambda.DisposeAsync();

    [Fact]
    public async Task One_invocation_after_the_other_is_answered()
    {
        await using var function = Start();
        for (var round = 0; round < 20; round++)
        {
            var page = await _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Paid().ToJsonString()));
            var sheet = await _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Paid().ToJsonString(), "application/pdf"));

            Assert.Equal(("response", 200, false), (page.Kind, page.Status, (bool)page.Body["isBase64Encoded"]!));
            Assert.Equal("text/html; charset=utf-8", page.Header("content-type"));
            Assert.Equal("nosniff", page.Header("x-content-type-options"));
            Assert.Contains("Лампа", page.Text, StringComparison.Ordinal);
            Assert.Equal(("response", 200, true), (sheet.Kind, sheet.Status, (bool)sheet.Body["isBase64Encoded"]!));
            using var pdf = PdfDocument.Open(sheet.Content);
            Assert.Contains("1,259.49 EUR", pdf.GetPage(1).Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Zo", function.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Now listening on: http://", function.Output.Replace("http://unix:", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_in_base64_a_stage_with_a_name_and_a_CloudEvent_are_understood()
    {
        await using var function = Start();
        var request = FakeRuntimeApi.Request(Convert.ToBase64String(Encoding.UTF8.GetBytes(Orders.Completed().ToJsonString())), path: "/prod/api/receipts");
        request["isBase64Encoded"] = true;
        request["requestContext"]!["stage"] = "prod";
        foreach (var (name, value) in new[] { ("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/ordering"), ("ce-type", "shop.ordering.order-completed.v1") })
        {
            request["headers"]![name] = value;
        }

        var answer = await _lambda.InvokeAsync(request);

        Assert.Equal(200, answer.Status);
        Assert.Contains("1,259.49 EUR", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\":1}", "POST", "/api/receipts", 400)]
    [InlineData("", "POST", "/api/receipts", 400)]
    [InlineData("{}", "POST", "/elsewhere", 404)]
    [InlineData("{}", "DELETE", "/api/receipts", 405)]
    [InlineData("{}", "POST", "//evil.example/api/receipts", 404)]
    public async Task A_wrong_request_is_answered_with_a_problem(string body, string method, string path, int expected)
    {
        await using var function = Start();

        var answer = await _lambda.InvokeAsync(FakeRuntimeApi.Request(body, method: method, path: path));

        Assert.Equal(("response", expected, Problem), (answer.Kind, answer.Status, answer.Header("content-type")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"Zoë\"")]
    [InlineData("no JSON, Zoë")]
    [InlineData("{\"version\":\"1.0\",\"path\":\"/api/receipts\",\"httpMethod\":\"POST\"}")]
    [InlineData("{\"version\":\"2.0\",\"rawPath\":\"api\",\"requestContext\":{\"http\":{\"method\":\"POST\"}}}")]
    [InlineData("{\"version\":\"2.0\",\"rawPath\":\"/\",\"requestContext\":{\"http\":{\"method\":\"PO ST\"}}}")]
    [InlineData("{\"version\":\"2.0\",\"rawPath\":\"/\",\"body\":\"%\",\"isBase64Encoded\":true,\"requestContext\":{\"http\":{\"method\":\"POST\"}}}")]
    public async Task An_event_that_is_no_request_is_an_error_and_the_next_one_is_answered(string @event)
    {
        await using var function = Start();

        var error = await _lambda.InvokeAsync(@event);
        var answer = await _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Paid().ToJsonString()));

        Assert.Equal(("error", "Event.Unreadable", "Event.Unreadable"), (error.Kind, error.ErrorType, (string?)error.Body["errorType"]));
        Assert.DoesNotContain("Zo", error.Body.ToJsonString() + function.Output, StringComparison.Ordinal);
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Headers_cannot_bring_in_others()
    {
        await using var function = Start();
        var request = FakeRuntimeApi.Request(Orders.Paid().ToJsonString());
        request["headers"]!["x-one"] = "1\r\nce-specversion: 0.1";
        request["headers"]!["transfer-encoding"] = "chunked";
        request["headers"]!["bad name"] = "1";

        Assert.Equal(200, (await _lambda.InvokeAsync(request)).Status);
    }

    [Fact]
    public async Task Six_megabytes_are_refused_by_the_limit_of_bodies_and_taken_where_that_is_higher()
    {
        var request = FakeRuntimeApi.Request("").ToJsonString();
        var padding = FakeRuntimeApi.LargestPayload - request.Length - Encoding.UTF8.GetByteCount(Orders.Paid().ToJsonString()) - 2000;
        var largest = FakeRuntimeApi.Request(Orders.Paid().ToJsonString() + new string(' ', padding)).ToJsonString();
        await using (var function = Start())
        {
            var refused = await _lambda.InvokeAsync(largest);
            var next = await _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Paid().ToJsonString()));

            Assert.Equal(("response", 413, Problem), (refused.Kind, refused.Status, refused.Header("content-type")));
            Assert.Equal(200, next.Status);
        }

        await using var patient = Start(("Requests__MaxBodyBytes", "10000000"));
        var taken = await _lambda.InvokeAsync(largest);

        Assert.Equal(200, taken.Status);
    }

    [Fact]
    public async Task An_answer_that_Lambda_does_not_take_is_an_error()
    {
        _lambda.LargestAnswer = 10_000;
        await using var function = Start();

        var error = await _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Long(200).ToJsonString()));
        var next = await _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Paid().ToJsonString()));

        Assert.Equal(("error", "Answer.TooLarge"), (error.Kind, error.ErrorType));
        Assert.Equal(200, next.Status);
    }

    [Fact]
    public async Task What_does_not_end_before_its_deadline_is_answered_with_504()
    {
        await using var function = Start();

        // So little time is over before anything is done; there is nothing in the function that takes long by itself.
        var late = await _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Paid().ToJsonString()).ToJsonString(), TimeSpan.FromMilliseconds(1));
        var brief = await _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Long(500).ToJsonString(), "application/pdf").ToJsonString(), TimeSpan.FromMilliseconds(104));
        var next = await _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Paid().ToJsonString()));

        Assert.Equal(("response", 504, Problem), (late.Kind, late.Status, late.Header("content-type")));
        Assert.Equal(("response", 504), (brief.Kind, brief.Status));
        Assert.Equal(200, next.Status);
    }

    [Fact]
    public async Task Settings_that_are_wrong_are_told_to_Lambda()
    {
        await using var function = Start(("Requests__MaxHeaders", "3"));

        var error = await _lambda.Initialization;

        Assert.Equal("Startup.InvalidSettingsException", error.ErrorType);
        Assert.Contains("Requests__MaxHeaders is '3'", (string?)error.Body["errorMessage"], StringComparison.Ordinal);
        Assert.Equal(1, await function.EndAsync());
    }

    [Fact]
    public async Task It_ends_with_an_error_when_the_runtime_API_is_gone()
    {
        await using var function = Start();
        await _lambda.Asked;

        await _lambda.DisposeAsync();

        Assert.Equal(1, await function.EndAsync());
        Assert.Contains("runtime API does not answer", function.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_SIGTERM_it_ends_at_once_while_it_waits()
    {
        await using var function = Start();
        await _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Paid().ToJsonString()));

        var begin = TimeProvider.System.GetUtcNow();
        await function.TerminateAsync();

        Assert.Equal(0, await function.EndAsync());
        // The drain delay of a server is five seconds.
        Assert.InRange(TimeProvider.System.GetUtcNow() - begin, TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task On_SIGTERM_it_finishes_what_it_began()
    {
        await using var function = Start();
        await _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Paid().ToJsonString()));

        var running = _lambda.InvokeAsync(FakeRuntimeApi.Request(Orders.Long(500).ToJsonString(), "application/pdf"));
        await _lambda.TakenAsync(2);
        await function.TerminateAsync();

        Assert.Equal(200, (await running).Status);
        Assert.Equal(0, await function.EndAsync());
    }

    private ReceiptsProcess Start(params (string Name, string Value)[] settings)
    {
        var environment = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        environment["AWS_LAMBDA_RUNTIME_API"] = _lambda.Address;
        return ReceiptsProcess.Start(program.Command, environment);
    }
}
