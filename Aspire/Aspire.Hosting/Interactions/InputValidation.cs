using System.Globalization;

namespace Aspire.Hosting.Interactions;

/// <summary>Checks what was put into the fields of a dialog.</summary>
internal static class InputValidation
{
    private const int MaxLength = 8000;

    /// <summary>
    /// Checks the arguments of a command. Other than in a dialog, a number may have a fraction, a secret keeps its blanks, and a field that takes nothing is not
    /// asked for a value.
    /// </summary>
    /// <returns>Whether the values can be used.</returns>
    public static async Task<bool> CheckArgumentsAsync(
        InteractionInputCollection inputs, Func<InputsDialogValidationContext, Task>? check, IServiceProvider services, CancellationToken cancellationToken)
    {
        var context = new InputsDialogValidationContext { Inputs = inputs, Services = services, CancellationToken = cancellationToken };
        foreach (var input in inputs)
        {
            input.ValidationErrors.Clear();
            input.Value = input.InputType == InputType.SecretText ? input.Value : input.Value?.Trim();
            if (!input.Disabled && ArgumentComplaint(input) is { } complaint)
            {
                context.AddValidationError(input, complaint);
            }
        }

        if (!context.HasErrors && check is not null)
        {
            await check(context);
        }

        return !context.HasErrors;
    }

    /// <summary>Checks each value by itself and, where all are valid, with the check of the dialog's author.</summary>
    /// <returns>Whether the values can be used.</returns>
    public static async Task<bool> CheckAsync(
        InteractionInputCollection inputs, Func<InputsDialogValidationContext, Task>? check, IServiceProvider services, CancellationToken cancellationToken)
    {
        var context = new InputsDialogValidationContext { Inputs = inputs, Services = services, CancellationToken = cancellationToken };
        foreach (var input in inputs)
        {
            input.ValidationErrors.Clear();
            input.Value = input.Value?.Trim();
            if (Complaint(input) is { } complaint)
            {
                context.AddValidationError(input, complaint);
            }
        }

        if (!context.HasErrors && check is not null)
        {
            await check(context);
        }

        return !context.HasErrors;
    }

    private static string? ArgumentComplaint(InteractionInput input) => input is { InputType: InputType.Number, Value: { Length: > 0 } value }
        ? double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? null : "This has to be a number."
        : Complaint(input);

    private static string? Complaint(InteractionInput input)
    {
        if (input.Value is not { Length: > 0 } value)
        {
            return input.Required ? "This cannot be empty." : null;
        }

        return input.InputType switch
        {
            InputType.Text or InputType.SecretText when value.Length > (input.MaxLength ?? MaxLength)
                => $"This can have at most {input.MaxLength ?? MaxLength} characters.",
            InputType.Choice when !input.AllowCustomChoice && input.Options?.Any(option => option.Key == value) == false
                => "This is none of the choices.",
            InputType.Boolean when !bool.TryParse(value, out _) => "This has to be true or false.",
            InputType.Number when !int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) => "This has to be a whole number.",
            _ => null,
        };
    }
}
