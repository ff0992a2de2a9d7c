using System.Globalization;

namespace Aspire.Hosting.Interactions;

/// <summary>Checks what was put into the fields of a dialog.</summary>
internal static class InputValidation
{
    private const int MaxLength = 8000;

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
