using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Interactions;

/// <summary>Asks for the values of parameters that have none: first a notification that is in nobody's way, then one dialog for all of them.</summary>
internal sealed class ParameterDialog(IInteractionService interactions, UserSecretsManager userSecrets)
{
    // A name that no resource can have.
    private const string SaveInput = "save to user secrets";

    /// <summary>Asks until every parameter has a value, or nobody is there any more who could be asked.</summary>
    /// <param name="missing">The parameters.</param>
    /// <param name="give">Takes a value, and whether it was saved; null where nobody wanted it to be.</param>
    /// <param name="cancellationToken">Takes the questions back.</param>
    public async Task AskAsync(
        IEnumerable<ParameterResource> missing, Func<ParameterResource, string, bool?, Task> give, CancellationToken cancellationToken)
    {
        var open = missing.ToList();
        while (open.Count > 0 && interactions.IsAvailable)
        {
            if (await WantsToAnswerAsync(open.Count, cancellationToken))
            {
                await FillInOnceAsync(open, give, cancellationToken);
            }
        }
    }

    /// <summary>As <see cref="AskAsync"/>, without the notification: for who waits for nothing else.</summary>
    public async Task AskAtOnceAsync(
        IEnumerable<ParameterResource> missing, Func<ParameterResource, string, bool?, Task> give, CancellationToken cancellationToken)
    {
        var open = missing.ToList();
        while (open.Count > 0 && interactions.IsAvailable)
        {
            await FillInOnceAsync(open, give, cancellationToken);
        }
    }

    private async Task FillInOnceAsync(
        List<ParameterResource> open, Func<ParameterResource, string, bool?, Task> give, CancellationToken cancellationToken)
    {
        foreach (var (parameter, value, saved) in await FillInAsync(open, cancellationToken))
        {
            open.Remove(parameter);
            await give(parameter, value, saved);
        }
    }

    private async Task<bool> WantsToAnswerAsync(int count, CancellationToken cancellationToken)
    {
        var answer = await interactions.PromptNotificationAsync(
            "Values are missing",
            count == 1 ? "A parameter has no value. Resources that use it wait." : $"{count} parameters have no value. Resources that use them wait.",
            new NotificationInteractionOptions { Intent = MessageIntent.Warning, PrimaryButtonText = "Enter values" },
            cancellationToken);
        return answer.Data;
    }

    private async Task<IReadOnlyList<(ParameterResource Parameter, string Value, bool? Saved)>> FillInAsync(
        IReadOnlyList<ParameterResource> parameters, CancellationToken cancellationToken)
    {
        var fields = parameters.Select(parameter => (Parameter: parameter, Input: FieldOf(parameter))).ToList();
        var save = new InteractionInput
        {
            Name = SaveInput,
            Label = "Save to user secrets",
            InputType = InputType.Boolean,
            Description = userSecrets.IsAvailable
                ? "The next run finds the values there."
                : "The AppHost's project has no user secrets: `dotnet user-secrets init` adds them.",
            EnableDescriptionMarkdown = true,
            Disabled = !userSecrets.IsAvailable,
        };
        var answer = await interactions.PromptInputsAsync(
            "Parameters",
            "Enter the values of the parameters. What is left empty is asked for again.",
            [.. fields.Select(field => field.Input), save],
            new InputsDialogInteractionOptions { PrimaryButtonText = "Save", ShowDismiss = true },
            cancellationToken);
        if (answer.Canceled)
        {
            return [];
        }

        var wantsSaved = bool.TryParse(save.Value, out var wanted) && wanted;
        return
        [
            .. fields.Where(field => !string.IsNullOrEmpty(field.Input.Value)).Select(field =>
                (field.Parameter, field.Input.Value!, wantsSaved ? userSecrets.TrySetSecret(field.Parameter.ConfigurationKey, field.Input.Value!) : (bool?)null)),
        ];
    }

    private static InteractionInput FieldOf(ParameterResource parameter)
        => parameter.TryGetLastAnnotation<ParameterInputAnnotation>(out var custom)
            ? custom.Create(parameter)
            : new InteractionInput
            {
                Name = parameter.Name,
                Label = parameter.Name,
                InputType = parameter.Secret ? InputType.SecretText : InputType.Text,
                Description = parameter.Description,
                EnableDescriptionMarkdown = parameter.EnableDescriptionMarkdown,
                Placeholder = $"Value of {parameter.Name}",
            };
}
