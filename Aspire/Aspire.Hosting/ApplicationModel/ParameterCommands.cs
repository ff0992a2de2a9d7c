namespace Aspire.Hosting.ApplicationModel;

/// <summary>The commands that set and delete the value of a parameter.</summary>
internal static class ParameterCommands
{
    private const string ValueArgument = "Value";
    private const string SaveArgument = "SaveToUserSecrets";
    private const string DeleteArgument = "DeleteFromUserSecrets";

    /// <summary>Adds those that the parameter does not have yet: an author's own stay.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="userSecrets">Where values can be kept.</param>
    /// <param name="give">Takes a value, and whether it was saved; null where nobody wanted it to be.</param>
    /// <param name="take">Takes the value away.</param>
    public static void AddTo(
        ParameterResource parameter, UserSecretsManager userSecrets, Func<ParameterResource, string, bool?, Task> give, Func<ParameterResource, Task> take)
    {
        Add(parameter, KnownResourceCommands.SetParameterCommand, "Set parameter", new() { Description = "Set the parameter's value", IconName = "Key", IsHighlighted = true }, SetArguments, SetAsync);
        Add(
            parameter,
            KnownResourceCommands.DeleteParameterCommand,
            "Delete parameter",
            new() { Description = "Delete the parameter's value", IconName = "Delete", IsHighlighted = true, UpdateState = StateOfDelete },
            DeleteArguments,
            DeleteAsync);

        async Task<ExecuteCommandResult> SetAsync(ExecuteCommandContext context)
        {
            var value = context.Arguments.GetString(ValueArgument)!;
            var saved = IsChosen(context, SaveArgument) ? userSecrets.TrySetSecret(parameter.ConfigurationKey, value) : (bool?)null;
            await give(parameter, value, saved).ConfigureAwait(false);
            return CommandResults.Success(saved == false
                ? $"Parameter '{parameter.Name}' was set for this run only: {userSecrets.FilePath} could not be written."
                : $"Parameter '{parameter.Name}' was set.");
        }

        async Task<ExecuteCommandResult> DeleteAsync(ExecuteCommandContext context)
        {
            if (IsChosen(context, DeleteArgument) && !userSecrets.TryRemoveSecret(parameter.ConfigurationKey))
            {
                return CommandResults.Failure($"Parameter '{parameter.Name}' was not deleted: {userSecrets.FilePath} could not be written.");
            }

            await take(parameter).ConfigureAwait(false);
            return CommandResults.Success($"Parameter '{parameter.Name}' was deleted.");
        }

        IReadOnlyList<InteractionInput> SetArguments() =>
        [
            new()
            {
                Name = ValueArgument,
                Label = parameter.Name,
                InputType = parameter.Secret ? InputType.SecretText : InputType.Text,
                Description = parameter.Description,
                EnableDescriptionMarkdown = parameter.EnableDescriptionMarkdown,
                Required = true,
            },
            new() { Name = SaveArgument, Label = "Save to user secrets", InputType = InputType.Boolean, Disabled = !userSecrets.IsAvailable },
        ];

        IReadOnlyList<InteractionInput> DeleteArguments() =>
            [new() { Name = DeleteArgument, Label = "Delete from user secrets", InputType = InputType.Boolean, Disabled = !userSecrets.IsAvailable }];
    }

    private static void Add(
        ParameterResource parameter,
        string name,
        string displayName,
        CommandOptions options,
        Func<IReadOnlyList<InteractionInput>> arguments,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> execute)
    {
        if (!parameter.Annotations.OfType<ResourceCommandAnnotation>().Any(command => command.Name == name))
        {
            options.Arguments = arguments();
            parameter.Annotations.Add(new ResourceCommandAnnotation(name, displayName, options.UpdateState ?? (_ => ResourceCommandState.Enabled), execute, options));
        }
    }

    private static ResourceCommandState StateOfDelete(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Hidden;

    private static bool IsChosen(ExecuteCommandContext context, string name) => bool.TryParse(context.Arguments.GetString(name), out var chosen) && chosen;
}
