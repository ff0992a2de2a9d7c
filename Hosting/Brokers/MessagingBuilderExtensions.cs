using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Services that use Trellis.Messaging.</summary>
public static class MessagingBuilderExtensions
{
    /// <summary>
    /// Gives the service the broker, and its resource a command that redrives the service's dead letters. The service has to map them with <c>MapDeadLetters()</c>.
    /// </summary>
    /// <remarks>It does not wait for the broker: what the service publishes meanwhile waits in its outbox.</remarks>
    /// <param name="service">The service.</param>
    /// <param name="broker">The broker.</param>
    /// <param name="endpointName">Where the service has its dead letters, if that is another endpoint than its first for HTTP: the one for management, where it has one.</param>
    /// <returns>The same service.</returns>
    public static IResourceBuilder<ProjectResource> WithMessaging(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<IResourceWithConnectionString> broker, [EndpointName] string? endpointName = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(broker);
        return service.WithReference(broker).WithHttpCommand("/dead-letters/redrive", "Redrive dead letters", endpointName, commandName: "redrive-dead-letters", commandOptions: new HttpCommandOptions
        {
            Description = "Puts the messages that this service set aside back into its queue, with no attempts counted.",
            ConfirmationMessage = "Handle all dead letters of this service again?",
            IconName = "ArrowRepeatAll",
            GetCommandResult = ResultAsync,
        });
    }

    private static async Task<ExecuteCommandResult> ResultAsync(HttpCommandResultContext context)
    {
        if (!context.Response.IsSuccessStatusCode)
        {
            return CommandResults.Failure($"The service answered {(int)context.Response.StatusCode}: {await context.Response.Content.ReadAsStringAsync(context.CancellationToken).ConfigureAwait(false)}");
        }

        var answer = await context.Response.Content.ReadFromJsonAsync<JsonElement>(context.CancellationToken).ConfigureAwait(false);
        return CommandResults.Success(answer.GetProperty("redriven").GetInt32() switch
        {
            0 => "There were no dead letters.",
            1 => "One dead letter was put back.",
            var several => $"{several} dead letters were put back.",
        });
    }
}
