using System.IO.Pipelines;
using System.Net;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.ServiceDefaults.Tests;

public sealed class ServiceTokenTests
{
    [Fact]
    public async Task A_call_carries_a_token_that_the_service_got_with_its_secret()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var caller = await issuer.CallerAsync();

        Assert.Equal("Bearer token-1", await caller.Http.GetStringAsync("/calls"));

        var request = Assert.Single(issuer.Requests);
        Assert.Equal("client_credentials", request["grant_type"]);
        Assert.Equal("ordering", request["client_id"]);
        Assert.Equal("its secret", request["client_secret"]);
        Assert.Equal("items.read items.write", request["scope"]);
    }

    [Fact]
    public async Task Many_calls_share_one_token()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var caller = await issuer.CallerAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => caller.Http.GetStringAsync("/calls")));

        Assert.All(answers, answer => Assert.Equal("Bearer token-1", answer));
        Assert.Single(issuer.Requests);
    }

    [Fact]
    public async Task A_call_that_has_a_token_keeps_it()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var caller = await issuer.CallerAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://issuer/items") { Headers = { Authorization = new("Bearer", "my-own") } };

        using var response = await TokenIssuer.Client(caller).SendAsync(request);

        Assert.Equal("Bearer my-own", await response.Content.ReadAsStringAsync());
        Assert.Empty(issuer.Requests);
    }

    [Fact]
    public async Task Shortly_before_it_ends_a_token_is_replaced_while_calls_go_on_with_it()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var caller = await issuer.CallerAsync();
        await caller.Http.GetStringAsync("/calls");

        issuer.Later(TimeSpan.FromMinutes(27));
        Assert.Equal("Bearer token-1", await caller.Http.GetStringAsync("/calls"));
        Assert.Single(issuer.Requests);

        issuer.Later(TimeSpan.FromMinutes(1.5));
        Assert.Equal("Bearer token-1", await caller.Http.GetStringAsync("/calls"));
        await Eventually.TrueAsync(async () => await caller.Http.GetStringAsync("/calls") == "Bearer token-2", "The token was not replaced");
        Assert.Equal(2, issuer.Requests.Count);
    }

    [Fact]
    public async Task While_nobody_gives_tokens_calls_go_on_until_the_one_at_hand_has_ended()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var caller = await issuer.CallerAsync(("Http:Clients:service-token:Retries", "0"));
        await caller.Http.GetStringAsync("/calls");
        issuer.Trouble = 503;

        issuer.Later(TimeSpan.FromMinutes(29));
        Assert.Equal("Bearer token-1", await caller.Http.GetStringAsync("/calls"));
        await Eventually.TrueAsync(() => issuer.Requests.Count == 2, "nobody tried to renew it");
        // Not with every call.
        Assert.Equal("Bearer token-1", await caller.Http.GetStringAsync("/calls"));
        Assert.Equal(2, issuer.Requests.Count);

        issuer.Later(TimeSpan.FromMinutes(1));
        await caller.GetProblemAsync("/calls", 503);

        issuer.Trouble = null;
        Assert.StartsWith("Bearer token-", await caller.Http.GetStringAsync("/calls"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_token_that_is_refused_is_replaced_and_the_call_made_once_more(string method)
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var caller = await issuer.CallerAsync();
        await caller.Http.GetStringAsync("/calls");
        issuer.Revoked = 1;
        issuer.Later(TimeSpan.FromMinutes(1));
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://issuer/items") { Content = method == "POST" ? new StringContent("!") : null };

        using var response = await TokenIssuer.Client(caller).SendAsync(request);

        Assert.Equal(method == "POST" ? "Bearer token-2!" : "Bearer token-2", await response.Content.ReadAsStringAsync());
        Assert.Equal(2, issuer.Requests.Count);
        Assert.Equal(3, issuer.Calls.Count);
    }

    [Fact]
    public async Task Who_refuses_every_token_is_not_asked_for_ever()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var caller = await issuer.CallerAsync();
        issuer.Revoked = int.MaxValue;

        for (var call = 0; call < 5; call++)
        {
            using var response = await TokenIssuer.Client(caller).GetAsync("http://issuer/items");
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Single(issuer.Requests);
        Assert.Equal(5, issuer.Calls.Count);
    }

    [Fact]
    public async Task A_body_that_is_gone_is_not_sent_again()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var caller = await issuer.CallerAsync();
        await caller.Http.GetStringAsync("/calls");
        issuer.Revoked = 1;
        issuer.Later(TimeSpan.FromMinutes(1));
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes("once"));
        await pipe.Writer.CompleteAsync();

        using var response = await TokenIssuer.Client(caller).PostAsync("http://issuer/items", new StreamContent(pipe.Reader.AsStream()));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer token-2", await caller.Http.GetStringAsync("/calls"));
    }

    [Fact]
    public async Task A_service_with_a_wrong_secret_says_so_to_its_log_and_not_to_its_caller()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var caller = await issuer.CallerAsync();
        issuer.Trouble = 401;

        var problem = await caller.GetProblemAsync("/calls", 500);

        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Single(issuer.Requests);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => TokenIssuer.Client(caller).GetAsync("http://issuer/items"));
        Assert.Equal("http://issuer/token gives the client 'ordering' no token for 'items.read items.write': it answered 401 invalid_client No such secret.", failure.Message);
    }

    [Fact]
    public async Task Asking_for_a_token_is_repeated_like_what_is_idempotent()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var caller = await issuer.CallerAsync();
        issuer.Trouble = 503;

        await caller.GetProblemAsync("/calls", 503);

        Assert.Equal(4, issuer.Requests.Count);
    }

    [Fact]
    public async Task A_service_that_does_not_know_where_its_tokens_are_does_not_start()
    {
        await using var issuer = await TokenIssuer.StartAsync();

        var failure = await Assert.ThrowsAsync<InvalidSettingsException>(
            () => issuer.CallerAsync(("ServiceToken:Endpoint", "identity/token"), ("ServiceToken:ClientId", null), ("ServiceToken:ClientSecret", "")));

        Assert.Equal(
            [
                "ServiceToken__Endpoint is 'identity/token'; it must be the address at which tokens are asked for.",
                "ServiceToken__ClientId is missing; it must be what the service is called where it asks for tokens.",
                "ServiceToken__ClientSecret is missing; it must be the secret of that client.",
            ],
            failure.Failures);
    }

    [Fact]
    public async Task A_call_of_gRPC_carries_a_token_too_and_another_one_where_it_is_refused()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        await using var caller = await issuer.CallerAsync();
        await caller.Http.GetStringAsync("/calls");
        issuer.Revoked = 1;
        issuer.Later(TimeSpan.FromMinutes(1));
        var tokens = new List<string>();
        await using var server = await GrpcServerAsync(context =>
        {
            tokens.Add(context.Request.Headers.Authorization.ToString());
            return tokens[^1] != "Bearer token-1";
        });
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(server.Urls.First(), new()
        {
            HttpHandler = caller.App.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("items"),
        });

        var answer = await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(new HealthCheckRequest());

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], tokens);
    }

    private static async Task<WebApplication> GrpcServerAsync(Func<HttpContext, bool> isAllowed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var server = builder.Build();
        server.Use(async (context, next) =>
        {
            if (isAllowed(context))
            {
                await next(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
        });
        server.MapGrpcService<Healthy>();
        await server.StartAsync();
        return server;
    }

    private sealed class Healthy : Grpc.Health.V1.Health.HealthBase
    {
        public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
            Task.FromResult(new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving });
    }
}
