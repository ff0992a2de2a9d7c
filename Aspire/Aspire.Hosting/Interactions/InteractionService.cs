using Aspire.Hosting.Backchannel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Interactions;

/// <summary>Asks through the <see cref="InteractionFeed"/>.</summary>
internal sealed class InteractionService(
    InteractionFeed feed,
    DistributedApplicationOptions application,
    DistributedApplicationExecutionContext executionContext,
    IConfiguration configuration,
    IServiceProvider services,
    ILogger<InteractionService> logger) : IInteractionService
{
    private const string Setting = "ASPIRE_INTERACTIVITY_ENABLED";

    public bool IsAvailable => HasAudience && !(bool.TryParse(configuration[Setting], out var enabled) && !enabled);

    // Who runs the application looks at the dashboard; who publishes it, at the CLI, where that has started the AppHost.
    private bool HasAudience => executionContext.IsPublishMode
        ? configuration[AppHostState.MainSocketSetting] is { Length: > 0 }
        : !application.DisableDashboard && !NoDashboard.IsCancellationRequested;

    // Looked up late: the dashboard's options settle ports, for which it is too early while the model is built.
    private CancellationToken NoDashboard => services.GetService<DashboardOptions>()?.Absence ?? CancellationToken.None;

    public Task<InteractionResult<bool>> PromptConfirmationAsync(
        string title, string message, MessageBoxInteractionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new MessageBoxInteractionOptions();
        options.Intent = MessageIntent.Confirmation;
        options.ShowSecondaryButton ??= true;
        options.ShowDismiss ??= false;
        return DecideAsync(InteractionKind.MessageBox, title, message, options, cancellationToken);
    }

    public Task<InteractionResult<bool>> PromptMessageBoxAsync(
        string title, string message, MessageBoxInteractionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new MessageBoxInteractionOptions();
        options.ShowSecondaryButton ??= false;
        options.ShowDismiss ??= false;
        return DecideAsync(InteractionKind.MessageBox, title, message, options, cancellationToken);
    }

    public Task<InteractionResult<bool>> PromptNotificationAsync(
        string title, string message, NotificationInteractionOptions? options = null, CancellationToken cancellationToken = default)
        => DecideAsync(InteractionKind.Notification, title, message, options ?? new NotificationInteractionOptions(), cancellationToken);

    public Task<InteractionResult<InteractionInput>> PromptInputAsync(
        string title, string? message, string inputLabel, string placeHolder, InputsDialogInteractionOptions? options = null, CancellationToken cancellationToken = default)
        => PromptInputAsync(
            title,
            message,
            new InteractionInput { Name = ToName(inputLabel), Label = inputLabel, InputType = InputType.Text, Required = true, Placeholder = placeHolder },
            options,
            cancellationToken);

    public async Task<InteractionResult<InteractionInput>> PromptInputAsync(
        string title, string? message, InteractionInput input, InputsDialogInteractionOptions? options = null, CancellationToken cancellationToken = default)
    {
        var result = await PromptInputsAsync(title, message, [input], options, cancellationToken);
        return result.Canceled ? InteractionResult.Cancel<InteractionInput>() : InteractionResult.Ok(result.Data[0]);
    }

    public async Task<InteractionResult<InteractionInputCollection>> PromptInputsAsync(
        string title, string? message, IReadOnlyList<InteractionInput> inputs, InputsDialogInteractionOptions? options = null, CancellationToken cancellationToken = default)
    {
        RefuseWithoutAudience();
        cancellationToken.ThrowIfCancellationRequested();
        var all = new InteractionInputCollection(inputs);
        RefuseWrongOrder(all);
        var interaction = new Interaction(Interaction.NextId(), InteractionKind.Inputs, title, message, options ?? new InputsDialogInteractionOptions())
        {
            Inputs = all,
        };

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, NoDashboard);
        try
        {
            StartLoading(interaction, all, over.Token);
            var answer = await feed.AskAsync(interaction, over.Token);
            return answer is null ? InteractionResult.Cancel<InteractionInputCollection>() : InteractionResult.Ok(all);
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private async Task<InteractionResult<bool>> DecideAsync(
        InteractionKind kind, string title, string message, InteractionOptions options, CancellationToken cancellationToken)
    {
        RefuseWithoutAudience();
        cancellationToken.ThrowIfCancellationRequested();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, NoDashboard);
        var answer = await feed.AskAsync(new Interaction(Interaction.NextId(), kind, title, message, options), over.Token);
        return answer is InteractionAnswer.Decision decision ? InteractionResult.Ok(decision.Value) : InteractionResult.Cancel<bool>();
    }

    private void StartLoading(Interaction interaction, InteractionInputCollection inputs, CancellationToken over)
    {
        foreach (var input in inputs.Where(input => input.DynamicLoading is not null))
        {
            input.Loading = new InputLoading(input, inputs, services, logger, () => feed.Refresh(interaction), over);
        }

        // Only when all are set up: a callback may look at the other fields.
        foreach (var loading in inputs.Select(input => input.Loading).OfType<InputLoading>().Where(loading => loading.OnStart))
        {
            loading.Start();
        }
    }

    // In a terminal the fields are asked for one after the other: what a field depends on must have been answered by then.
    private static void RefuseWrongOrder(InteractionInputCollection inputs)
    {
        var before = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var input in inputs)
        {
            if (input.DynamicLoading?.DependsOnInputs?.FirstOrDefault(name => !before.Contains(name)) is { } missing)
            {
                throw new InvalidOperationException($"The input '{input.Name}' depends on '{missing}', but no input before it has that name.");
            }

            before.Add(input.Name);
        }
    }

    // What a label becomes where only letters and digits may stand, such as an option of a command line: "API key:" is api_key.
    private static string ToName(string label)
        => string.Join('_', label.ToLowerInvariant().Split([.. label.ToLowerInvariant().Where(c => !char.IsAsciiLetterOrDigit(c))], StringSplitOptions.RemoveEmptyEntries));

    private void RefuseWithoutAudience()
    {
        if (!IsAvailable)
        {
            throw new InvalidOperationException($"Nobody can be asked: there is no dashboard (or no aspire CLI that publishes), or the setting {Setting} is false.");
        }
    }
}
