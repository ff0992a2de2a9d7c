namespace Aspire.Hosting;

/// <summary>How a dialog with fields behaves.</summary>
public class InputsDialogInteractionOptions : InteractionOptions
{
    /// <summary>Checks the values after each of them has been found valid by itself; adds what is wrong to the context.</summary>
    public Func<InputsDialogValidationContext, Task>? ValidationCallback { get; set; }
}
