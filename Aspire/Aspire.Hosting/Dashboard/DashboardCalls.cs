using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Wire;
using Aspire.Hosting.Interactions;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Answers the dashboard's calls.</summary>
/// <remarks>Streams end without an error when the dashboard goes away or the AppHost stops: both are everyday events.</remarks>
internal sealed partial class DashboardCalls(
    ResourceFeed resources,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    InteractionFeed interactions,
    IConfiguration configuration,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime,
    ILogger<DashboardCalls> logger) : Wire.DashboardService.DashboardServiceBase
{
    private const string AppHostSuffix = "AppHost";

    public override Task<ApplicationInformationResponse> GetApplicationInformation(ApplicationInformationRequest request, ServerCallContext context)
    {
        var name = configuration["AppHost:DashboardApplicationName"] is { Length: > 0 } configured ? configured : environment.ApplicationName;
        return Task.FromResult(new ApplicationInformationResponse { ApplicationName = WithoutSuffix(name) });
    }

    public override Task WatchResources(
        WatchResourcesRequest request,
        IServerStreamWriter<WatchResourcesUpdate> responseStream,
        ServerCallContext context) => StreamAsync(context, async cancellationToken =>
    {
        using var subscription = resources.Subscribe();

        // What does not fit the one message with the initial data follows as changes.
        var parts = MessageSize.Split(subscription.Initial, resource => resource.CalculateSize()).ToList();
        var initial = new InitialResourceData();
        initial.Resources.AddRange(parts.FirstOrDefault() ?? []);
        await responseStream.WriteAsync(new() { InitialData = initial }, cancellationToken);
        await SendAsync(parts.Skip(1).SelectMany(part => part).Select(resource => new WatchResourcesChange { Upsert = resource }));

        await foreach (var changes in subscription.ReadAsync(cancellationToken))
        {
            await SendAsync(changes);
        }

        async Task SendAsync(IEnumerable<WatchResourcesChange> changes)
        {
            foreach (var part in MessageSize.Split(changes, change => change.CalculateSize()))
            {
                var update = new WatchResourcesChanges();
                update.Value.AddRange(part);
                await responseStream.WriteAsync(new() { Changes = update }, cancellationToken);
            }
        }
    });

    public override Task WatchResourceConsoleLogs(
        WatchResourceConsoleLogsRequest request,
        IServerStreamWriter<WatchResourceConsoleLogsUpdate> responseStream,
        ServerCallContext context) => StreamAsync(context, async cancellationToken =>
    {
        var batches = request.SuppressFollow ? logs.GetAllAsync(request.ResourceName) : logs.WatchAsync(request.ResourceName);
        await foreach (var lines in batches.WithCancellation(cancellationToken))
        {
            foreach (var update in MessageSize.ToUpdates(lines))
            {
                await responseStream.WriteAsync(update, cancellationToken);
            }
        }
    });

    // The message is what the dashboard shows.
    public override async Task<ResourceCommandResponse> ExecuteResourceCommand(ResourceCommandRequest request, ServerCallContext context)
    {
        var result = await commands.ExecuteCommandAsync(
            request.ResourceName,
            request.CommandName,
            CommandArguments.ByName(request.Arguments.Select(argument => KeyValuePair.Create(argument.Key, ToText(argument.Key, argument.Value)))),
            mayAsk: !request.NonInteractive,
            context.CancellationToken);
        var response = new ResourceCommandResponse
        {
            Kind = result switch
            {
                { Success: true } => ResourceCommandResponseKind.Succeeded,
                { Canceled: true } => ResourceCommandResponseKind.Cancelled,
                { InvalidArguments: not null } => ResourceCommandResponseKind.InvalidArguments,
                _ => ResourceCommandResponseKind.Failed,
            },
        };
        if (result.Message is { } message)
        {
            response.Message = message;
        }

        if (result.Data is { } data)
        {
            response.Result = new ResourceCommandResult
            {
                Value = data.Value,
                DisplayImmediately = data.DisplayImmediately,
                Format = data.Format switch
                {
                    ApplicationModel.CommandResultFormat.Json => Wire.CommandResultFormat.Json,
                    ApplicationModel.CommandResultFormat.Markdown => Wire.CommandResultFormat.Markdown,
                    _ => Wire.CommandResultFormat.Text,
                },
            };
        }

        return response;
    }

    // Questions flow out and answers in at the same time; the dashboard reads the end of this stream as the loss of the AppHost.
    public override Task WatchInteractions(
        IAsyncStreamReader<WatchInteractionsRequestUpdate> requestStream,
        IServerStreamWriter<WatchInteractionsResponseUpdate> responseStream,
        ServerCallContext context) => StreamAsync(context, async cancellationToken =>
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asking = AskAsync(responseStream, ended.Token);
        try
        {
            while (await requestStream.MoveNext(cancellationToken))
            {
                await AnswerAsync(requestStream.Current, cancellationToken);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await asking;
        }
    });

    private async Task AskAsync(IServerStreamWriter<WatchInteractionsResponseUpdate> responseStream, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var interaction in interactions.WatchAsync(cancellationToken))
            {
                await responseStream.WriteAsync(InteractionMessage.From(interaction), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException)
        {
            // Nobody reads any more.
        }
    }

    private async Task AnswerAsync(WatchInteractionsRequestUpdate message, CancellationToken cancellationToken)
    {
        try
        {
            await interactions.CompleteAsync(message.InteractionId, InteractionMessage.ToAnswer(message), cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, exception.Message));
        }
    }

    private static string? ToText(string name, Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StringValue => value.StringValue,
        Value.KindOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        Value.KindOneofCase.NumberValue => value.NumberValue.ToString("R", CultureInfo.InvariantCulture),
        Value.KindOneofCase.NullValue or Value.KindOneofCase.None => null,
        _ => throw new RpcException(new Status(StatusCode.InvalidArgument, $"The argument '{name}' has to be a text, a number, true, false or nothing.")),
    };

    private static string WithoutSuffix(string name) =>
        name.Length > AppHostSuffix.Length && name.EndsWith(AppHostSuffix, StringComparison.OrdinalIgnoreCase)
            ? name[..^AppHostSuffix.Length].TrimEnd('.')
            : name;

    private async Task StreamAsync(ServerCallContext context, Func<CancellationToken, Task> stream)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await stream(cancellation.Token);
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested && exception is OperationCanceledException or IOException or InvalidOperationException)
        {
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            LogFailed(logger, exception, context.Method);
            throw;
        }
    }

    [LoggerMessage(LogLevel.Error, "The call {Method} of the dashboard failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method);
}
