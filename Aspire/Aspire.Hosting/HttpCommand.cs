using System.Net.Http.Headers;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>A command that sends an HTTP request to an endpoint.</summary>
internal sealed class HttpCommand(EndpointReference endpoint, string path, HttpMethod method, HttpCommandOptions options)
{
    public static ResourceCommandState EnabledWhileRunning(UpdateCommandStateContext context)
        => context.ResourceSnapshot.State?.Text is { } state && (state == KnownResourceStates.Running || state == KnownResourceStates.RuntimeUnhealthy)
            ? ResourceCommandState.Enabled
            : ResourceCommandState.Disabled;

    public async Task<ExecuteCommandResult> ExecuteAsync(ExecuteCommandContext context)
    {
        if (!endpoint.IsAllocated)
        {
            return CommandResults.Failure($"The endpoint '{endpoint.EndpointName}' of resource '{endpoint.Resource.Name}' has no address yet.");
        }

        var client = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient(options.HttpClientName ?? string.Empty);
        if (options.HttpClientName is null)
        {
            // A migration may take its time, and who asked for it can call it off.
            client.Timeout = Timeout.InfiniteTimeSpan;
        }

        using var request = new HttpRequestMessage(method, new UriBuilder(endpoint.Url) { Path = path }.Uri);
        if (options.PrepareRequest is { } prepare)
        {
            await prepare(new HttpCommandRequestContext
            {
                Services = context.Services,
                ResourceName = context.ResourceName,
                Endpoint = endpoint,
                CancellationToken = context.CancellationToken,
                HttpClient = client,
                Request = request,
            }).ConfigureAwait(false);
        }

        using var response = await client.SendAsync(request, context.CancellationToken).ConfigureAwait(false);
        return options.GetCommandResult is not { } getResult
            ? await ToResultAsync(response, context.CancellationToken).ConfigureAwait(false)
            : await getResult(new HttpCommandResultContext
            {
                Services = context.Services,
                ResourceName = context.ResourceName,
                Endpoint = endpoint,
                CancellationToken = context.CancellationToken,
                HttpClient = client,
                Response = response,
            }).ConfigureAwait(false);
    }

    private async Task<ExecuteCommandResult> ToResultAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = FormatOf(response.Content.Headers.ContentType) is { } format
            ? (Text: await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false), Format: format)
            : (Text: string.Empty, Format: default);
        var data = body.Text.Length > 0 ? new CommandResultData { Value = body.Text, Format = body.Format } : null;
        return new ExecuteCommandResult
        {
            Success = response.IsSuccessStatusCode,
            Message = response.IsSuccessStatusCode ? null : $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} answered with {(int)response.StatusCode} {response.ReasonPhrase}.",
            Data = data,
        };
    }

    private CommandResultFormat? FormatOf(MediaTypeHeaderValue? contentType) => options.ResultMode switch
    {
        HttpCommandResultMode.Json => CommandResultFormat.Json,
        HttpCommandResultMode.Text => CommandResultFormat.Text,
        HttpCommandResultMode.Auto => contentType?.MediaType?.ToLowerInvariant() switch
        {
            null => null,
            "application/json" => CommandResultFormat.Json,
            "application/xml" or "application/x-www-form-urlencoded" => CommandResultFormat.Text,
            var type when type.EndsWith("+json", StringComparison.Ordinal) => CommandResultFormat.Json,
            var type when type.EndsWith("+xml", StringComparison.Ordinal) || type.StartsWith("text/", StringComparison.Ordinal) => CommandResultFormat.Text,
            _ => null,
        },
        _ => null,
    };
}
