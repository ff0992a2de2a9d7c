using Aspire.Hosting.Interactions;
using Wired = Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Dashboard;

/// <summary>Turns a question into the message that the dashboard reads, and the dashboard's message into the answer.</summary>
internal static class InteractionMessage
{
    /// <summary>Makes the message.</summary>
    public static Wired.WatchInteractionsResponseUpdate From(Interaction interaction)
    {
        var options = interaction.Options;
        var message = new Wired.WatchInteractionsResponseUpdate
        {
            InteractionId = interaction.Id,
            Title = interaction.Title,
            Message = interaction.Message ?? "",
            PrimaryButtonText = options.PrimaryButtonText ?? "",
            SecondaryButtonText = options.SecondaryButtonText ?? "",
            ShowSecondaryButton = options.ShowSecondaryButton ?? true,
            ShowDismiss = options.ShowDismiss ?? true,
            EnableMessageMarkdown = options.EnableMessageMarkdown ?? false,
        };

        if (interaction.IsOver)
        {
            message.Complete = new Wired.InteractionComplete();
        }
        else if (interaction.Inputs is { } inputs)
        {
            message.InputsDialog = new Wired.InteractionInputsDialog { InputItems = { inputs.Select(input => ToInput(input, inputs)) } };
        }
        else if (options is NotificationInteractionOptions notification)
        {
            message.Notification = new Wired.InteractionNotification
            {
                Intent = ToIntent(notification.Intent),
                LinkText = notification.LinkText ?? "",
                LinkUrl = notification.LinkUrl ?? "",
            };
        }
        else
        {
            message.MessageBox = new Wired.InteractionMessageBox { Intent = ToIntent((options as MessageBoxInteractionOptions)?.Intent) };
        }

        return message;
    }

    /// <summary>Reads an answer. A message without a result, or of a kind that is never asked, says that the question was closed.</summary>
    public static InteractionAnswer ToAnswer(Wired.WatchInteractionsRequestUpdate message) => message.KindCase switch
    {
        Wired.WatchInteractionsRequestUpdate.KindOneofCase.MessageBox when message.MessageBox.HasResult
            => new InteractionAnswer.Decision(message.MessageBox.Result),
        Wired.WatchInteractionsRequestUpdate.KindOneofCase.Notification when message.Notification.HasResult
            => new InteractionAnswer.Decision(message.Notification.Result),
        Wired.WatchInteractionsRequestUpdate.KindOneofCase.InputsDialog
            => new InteractionAnswer.Values(
                [.. message.InputsDialog.InputItems.Select(input => KeyValuePair.Create(input.Name, (string?)input.Value))],
                message.ResponseUpdate),
        _ => new InteractionAnswer.Dismissed(),
    };

    /// <summary>Makes the field of a dialog, or the argument of a command.</summary>
    public static Wired.InteractionInput ToInput(InteractionInput input, IReadOnlyList<InteractionInput> all)
    {
        var message = new Wired.InteractionInput
        {
            Name = input.Name,
            Label = input.ShownLabel,
            InputType = ToType(input.InputType),
            Required = input.Required,
            Value = input.Value ?? "",
            Placeholder = input.Placeholder ?? "",
            Description = input.Description ?? "",
            EnableDescriptionMarkdown = input.EnableDescriptionMarkdown,
            AllowCustomChoice = input.AllowCustomChoice,
            Disabled = input.Disabled,
            MaxLength = input.MaxLength ?? 0,
            Loading = input.Loading?.IsUnderWay ?? false,
            UpdateStateOnChange = all.Any(other => other.Loading?.DependsOn(input.Name) == true),
            ValidationErrors = { input.ValidationErrors },
        };
        foreach (var (value, text) in input.Options ?? [])
        {
            message.Options[value] = text ?? value;
        }

        return message;
    }

    private static Wired.InputType ToType(InputType type) => type switch
    {
        InputType.SecretText => Wired.InputType.SecretText,
        InputType.Choice => Wired.InputType.Choice,
        InputType.Boolean => Wired.InputType.Boolean,
        InputType.Number => Wired.InputType.Number,
        _ => Wired.InputType.Text,
    };

    private static Wired.MessageIntent ToIntent(MessageIntent? intent) => intent switch
    {
        MessageIntent.Success => Wired.MessageIntent.Success,
        MessageIntent.Warning => Wired.MessageIntent.Warning,
        MessageIntent.Error => Wired.MessageIntent.Error,
        MessageIntent.Information => Wired.MessageIntent.Information,
        MessageIntent.Confirmation => Wired.MessageIntent.Confirmation,
        _ => Wired.MessageIntent.None,
    };
}
