using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Trellis.ServiceDefaults.Health;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Trellis.ServiceDefaults.Tests;

public sealed class GrpcHealthTests
{
    [Fact]
    public async Task Answers_where_grpc_is_used_as_the_probes_over_http_do()
    {
        await using var service = await StartAsync();
        using var channel = GrpcChannel.ForAddress(service.App.Urls.First());
        var health = new Grpc.Health.V1.Health.HealthClient(channel);

        using (service.App.Services.GetRequiredService<IStartupGate>().Hold("migrations"))
        {
            Assert.Equal(ServingStatus.NotServing, (await health.CheckAsync(new HealthCheckRequest())).Status);
            Assert.Equal(ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest { Service = "liveness" })).Status);
        }

        Assert.Equal(ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest())).Status);
        Assert.Equal(ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest { Service = "readiness" })).Status);
        var unknown = await Assert.ThrowsAsync<RpcException>(async () => await health.CheckAsync(new HealthCheckRequest { Service = "other" }));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_watcher_is_told_of_every_change_and_let_go_when_the_service_stops()
    {
        await using var service = await StartAsync();
        using var channel = GrpcChannel.ForAddress(service.App.Urls.First());
        var hold = service.App.Services.GetRequiredService<IStartupGate>().Hold("migrations");
        using var watch = new Grpc.Health.V1.Health.HealthClient(channel).Watch(new HealthCheckRequest());
        var told = new List<ServingStatus>();

        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        told.Add(watch.ResponseStream.Current.Status);
        hold.Dispose();
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        told.Add(watch.ResponseStream.Current.Status);
        var stopped = service.App.StopAsync();
        while (await watch.ResponseStream.MoveNext(CancellationToken.None))
        {
            told.Add(watch.ResponseStream.Current.Status);
        }

        Assert.Equal([ServingStatus.NotServing, ServingStatus.Serving, ServingStatus.NotServing], told);
        await stopped.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Is_not_there_where_grpc_is_not_used()
    {
        await using var service = await TestService.StartAsync();

        await service.GetProblemAsync("/grpc.health.v1.Health/Check", 404);
    }

    [Fact]
    public async Task Beside_grpc_a_request_without_its_optional_body_finds_its_route_and_an_unknown_service_is_unimplemented()
    {
        await using var service = await StartAsync();
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await client.PostAsync($"{service.App.Urls.First()}/two/parts", content: null);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);

        using var channel = GrpcChannel.ForAddress(service.App.Urls.First());
        var method = new Method<HealthCheckRequest, HealthCheckResponse>(
            MethodType.Unary, "no.such.Service", "Call", Marshallers.Create(request => request.ToByteArray(), HealthCheckRequest.Parser.ParseFrom), Marshallers.Create(response => response.ToByteArray(), HealthCheckResponse.Parser.ParseFrom));
        var refused = await Assert.ThrowsAsync<RpcException>(
            async () => await channel.CreateCallInvoker().AsyncUnaryCall(method, host: null, default, new HealthCheckRequest()));
        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
    }

    private static Task<TestService> StartAsync() => TestService.StartAsync(
        configure: builder =>
        {
            builder.Services.AddGrpc();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        },
        map: app => app.MapPost("/two/parts", (Part? part) => TypedResults.NoContent()).AllowAnonymous());

    private sealed record Part(int Number);
}
