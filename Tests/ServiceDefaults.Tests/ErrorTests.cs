using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Trellis.ServiceDefaults.Tests;

public sealed class ErrorTests
{
    private const string Secret = "password=hidden";

    public static TheoryData<string> Environments => ["Production", "Development"];

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task An_exception_is_a_problem_without_its_text(string environment)
    {
        await using var service = await StartAsync(environment);

        var problem = await service.GetProblemAsync("/throws", 500);

        Assert.DoesNotContain("hidden", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task An_exception_in_middleware_is_a_problem_without_its_text(string environment)
    {
        await using var service = await TestService.StartAsync(
            app => app.Use((HttpContext _, RequestDelegate _) => throw new InvalidOperationException(Secret)),
            environment: environment);

        var problem = await service.GetProblemAsync("/anything", 500);

        Assert.DoesNotContain("hidden", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task An_exception_in_authentication_is_a_problem_without_its_text(string environment)
    {
        await using var service = await TestService.StartAsync(
            app => app.MapGet("/misconfigured", () => "never").RequireAuthorization(policy => policy
                .AddAuthenticationSchemes("hidden")
                .RequireAuthenticatedUser()),
            environment: environment);

        var problem = await service.GetProblemAsync("/misconfigured", 500);

        Assert.DoesNotContain("hidden", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task An_unknown_path_is_a_problem(string environment)
    {
        await using var service = await StartAsync(environment);

        await service.GetProblemAsync("/nothing/here", 404);
    }

    [Fact]
    public async Task A_method_not_allowed_is_a_problem_and_names_the_allowed_ones()
    {
        await using var service = await StartAsync();

        using var response = await service.Http.DeleteAsync("/items");

        await TestService.ReadProblemAsync(response, 405);
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_problem_is_written_whatever_the_caller_accepts()
    {
        await using var service = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/throws");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));

        using var response = await service.Http.SendAsync(request);

        await TestService.ReadProblemAsync(response, 500);
    }

    [Fact]
    public async Task A_problem_an_endpoint_returns_gets_the_trace_id_too()
    {
        await using var service = await StartAsync();

        var problem = await service.GetProblemAsync("/conflict", 409);
        var validation = await service.GetProblemAsync("/invalid", 400);

        Assert.Equal("Somebody was faster.", problem.GetProperty("detail").GetString());
        Assert.Equal("must not be empty", validation.GetProperty("errors").GetProperty("name")[0].GetString());
    }

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task A_wrong_parameter_is_named_without_its_type(string environment)
    {
        await using var service = await StartAsync(environment);

        var wrong = await service.GetProblemAsync("/items?page=abc", 400);
        var missing = await service.GetProblemAsync("/items", 400);

        Assert.Equal("""Failed to bind parameter "page" from "abc".""", wrong.GetProperty("detail").GetString());
        Assert.Contains("\"page\"", missing.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("int", missing.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"x","price":{"amount":"much"}}""", "$.price.amount")]
    [InlineData("""{"name":"x",""", "line 1")]
    [InlineData("", "body")]
    public async Task Json_that_cannot_be_read_is_the_callers_mistake_and_the_place_is_named(string body, string expected)
    {
        await using var service = await StartAsync();

        using var response = await service.Http.PostAsync("/items", new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = await TestService.ReadProblemAsync(response, 400);
        Assert.Contains(expected, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Trellis", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deeply_nested_json_is_the_callers_mistake()
    {
        await using var service = await StartAsync();
        var nested = new StringBuilder().Insert(0, "{\"name\":", 500).Append('1').Append('}', 500).ToString();

        using var response = await service.Http.PostAsync("/items", new StringContent(nested, Encoding.UTF8, "application/json"));

        await TestService.ReadProblemAsync(response, 400);
    }

    [Fact]
    public async Task Another_media_type_and_too_large_a_body_have_their_own_status()
    {
        await using var service = await StartAsync();

        using var text = await service.Http.PostAsync("/items", new StringContent("name", Encoding.UTF8, "text/plain"));
        using var tooLarge = new HttpRequestMessage(HttpMethod.Post, "/items");
        tooLarge.Content = new StringContent($$"""{"name":"{{new string('x', 31_000_000)}}"}""", Encoding.UTF8, "application/json");
        // The server hangs up on a body it will not read; asking first is how a client gets to see the answer.
        tooLarge.Headers.ExpectContinue = true;
        using var large = await service.Http.SendAsync(tooLarge);

        await TestService.ReadProblemAsync(text, 415);
        await TestService.ReadProblemAsync(large, 413);
    }

    [Fact]
    public async Task Answers_do_not_name_the_server()
    {
        await using var service = await StartAsync();

        using var response = await service.Http.GetAsync("/health");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.Headers.Server);
    }

    private static Task<TestService> StartAsync(string environment = "Production") => TestService.StartAsync(
        app =>
        {
            app.MapGet("/throws", string () => throw new InvalidOperationException(Secret));
            app.MapGet("/conflict", () => TypedResults.Problem("Somebody was faster.", statusCode: StatusCodes.Status409Conflict));
            app.MapGet("/invalid", () => TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["name"] = ["must not be empty"] }));
            app.MapGet("/items", (int page) => page);
            app.MapPost("/items", (Item item) => item.Name);
        },
        environment: environment);

    private sealed record Item(string Name, Price Price);

    private sealed record Price(int Amount);
}
