namespace Aspire.Hosting;

/// <summary>What the values of a dialog are checked with.</summary>
public sealed class InputsDialogValidationContext
{
    /// <summary>The fields with their values.</summary>
    public required InteractionInputCollection Inputs { get; init; }

    /// <summary>Cancelled when nobody waits for the check any more.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>The application's services.</summary>
    public required IServiceProvider Services { get; init; }

    internal bool HasErrors { get; private set; }

    /// <summary>Says what is wrong with a field, which keeps the dialog open.</summary>
    /// <param name="input">The field.</param>
    /// <param name="errorMessage">What is shown below it.</param>
    public void AddValidationError(InteractionInput input, string errorMessage)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentException.ThrowIfNullOrEmpty(errorMessage);
        input.ValidationErrors.Add(errorMessage);
        HasErrors = true;
    }

    /// <summary>Says what is wrong with a field, which keeps the dialog open.</summary>
    /// <param name="inputName">The field's name.</param>
    /// <param name="errorMessage">What is shown below it.</param>
    /// <exception cref="KeyNotFoundException">There is no such field.</exception>
    public void AddValidationError(string inputName, string errorMessage) => AddValidationError(Inputs[inputName], errorMessage);
}
