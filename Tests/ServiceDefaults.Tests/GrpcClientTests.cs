using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Trellis.ServiceDefaults.Tests;

public sealed class GrpcClientTests
{
    [Fact]
    public async Task A_service_is_found_by_its_name()
    {
        await using var server = await ServerAsync(_ => Task.CompletedTask);
        await using var service = await ClientOfAsync(server.Urls.First());

        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/calls")).StatusCode);
    }

    [Fact]
    public async Task A_call_without_a_deadline_gets_one_and_a_dependency_that_hangs_is_a_503()
    {
        DateTime? deadline = null;
        await using var server = await ServerAsync(context =>
        {
            deadline = context.Deadline;
            return Task.Delay(Timeout.Infinite, context.CancellationToken);
        });
        await using var service = await ClientOfAsync(server.Urls.First(), ("Http:Clients:health:Timeout", "00:00:01"));

        await service.GetProblemAsync("/calls", 503);

        Assert.InRange(deadline!.Value, DateTime.MinValue.AddDays(1), TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1));
    }

    [Fact]
    public async Task A_stream_lasts_longer_than_the_time_of_a_call()
    {
        await using var server = await ServerAsync(_ => Task.CompletedTask);
        await using var service = await ClientOfAsync(
            server.Urls.First(), ("Http:Clients:health:Timeout", "00:00:00.5"), ("Http:Clients:health:AttemptTimeout", "00:00:00.5"));

        Assert.Equal("3", await service.Http.GetStringAsync("/watches"));
    }

    [Fact]
    public async Task A_stream_may_be_silent_at_first_for_longer_than_a_call_may_take()
    {
        var begin = new TaskCompletionSource();
        await using var server = await ServerAsync(_ => begin.Task);
        await using var service = await ClientOfAsync(
            server.Urls.First(), ("Http:Clients:health:Timeout", "00:00:00.5"), ("Http:Clients:health:AttemptTimeout", "00:00:00.5"));

        // The unary call begins later and has ended when its time is up.
        var stream = service.Http.GetAsync("/watches");
        await service.GetProblemAsync("/calls", 503);
        await service.GetProblemAsync("/calls", 503);
        begin.SetResult();

        using var answer = await stream;
        Assert.Equal("3", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_dependency_that_fails_is_left_alone_for_as_long_as_the_503_says()
    {
        await using var service = await ClientOfAsync(
            "http://127.0.0.1:1", ("Http:Defaults:Retries", "0"), ("Http:Defaults:BreakerMinimumAttempts", "2"), ("Http:Defaults:BreakerPause", "00:00:40"));
        await service.GetProblemAsync("/calls", 503);
        await service.GetProblemAsync("/calls", 503);

        using var response = await service.Http.GetAsync("/calls");

        await TestService.ReadProblemAsync(response, 503);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 30, 40);
        Assert.Matches(
            "trellis_http_client_breaker_state\\{[^}]*http_client_name=\"health\"[^}]*server_address=\"http://health\"[^}]*\\} 2",
            await service.Http.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task A_dependency_that_refuses_is_asked_again_and_then_a_503()
    {
        await using var service = await ClientOfAsync("http://127.0.0.1:1", ("Http:Defaults:RetryDelay", "00:00:00.01"));

        await service.GetProblemAsync("/calls", 503);

        Assert.Matches("resilience_polly_strategy_events_total\\{[^}]*OnRetry[^}]*\\} 3", await service.Http.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task A_call_that_was_sent_is_not_made_again()
    {
        var calls = 0;
        await using var server = await ServerAsync(_ =>
        {
            calls++;
            throw new RpcException(new Status(StatusCode.Unavailable, "busy"));
        });
        await using var service = await ClientOfAsync(server.Urls.First());

        await service.GetProblemAsync("/calls", 503);

        Assert.Equal(1, calls);
    }

    // Without the defaults, which would map a health service of their own.
    private static async Task<WebApplication> ServerAsync(Func<ServerCallContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new Answering(answer));
        builder.Services.AddGrpc();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var server = builder.Build();
        server.MapGrpcService<Answering>();
        await server.StartAsync();
        return server;
    }

    private static Task<TestService> ClientOfAsync(string server, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?> { ["services:health:http:0"] = server };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return TestService.StartAsync(
            app =>
            {
                app.MapGet("/calls", async (Grpc.Health.V1.Health.HealthClient client) => (await client.CheckAsync(new HealthCheckRequest { Service = "own" })).Status.ToString());
                app.MapGet("/watches", async (Grpc.Health.V1.Health.HealthClient client) =>
                {
                    using var call = client.Watch(new HealthCheckRequest { Service = "own" });
                    var count = 0;
                    await foreach (var _ in call.ResponseStream.ReadAllAsync())
                    {
                        count++;
                    }

                    return $"{count}";
                });
            },
            builder => builder.Services.AddGrpcClient<Grpc.Health.V1.Health.HealthClient>("health", options => options.Address = new Uri("http://health")),
            all);
    }

    private sealed class Answering(Func<ServerCallContext, Task> answer) : Grpc.Health.V1.Health.HealthBase
    {
        public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        {
            await answer(context);
            return new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving };
        }

        public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
        {
            await answer(context);
            for (var message = 0; message < 3; message++)
            {
                await responseStream.WriteAsync(new HealthCheckResponse());
                await Task.Delay(TimeSpan.FromMilliseconds(400), context.CancellationToken);
            }
        }
    }
}
