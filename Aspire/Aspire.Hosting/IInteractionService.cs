namespace Aspire.Hosting;

/// <summary>Asks the person in front of the dashboard. A dashboard that connects later, or again, is shown every question that is still open.</summary>
public interface IInteractionService
{
    /// <summary>
    /// Whether there can be anybody to ask: not without a dashboard, and not with <c>ASPIRE_INTERACTIVITY_ENABLED=false</c>. While it is false, every
    /// question throws <see cref="InvalidOperationException"/>.
    /// </summary>
    bool IsAvailable { get; }

    /// <summary>Asks to agree or not.</summary>
    /// <param name="title">The dialog's title.</param>
    /// <param name="message">The question.</param>
    /// <param name="options">The dialog's buttons.</param>
    /// <param name="cancellationToken">Takes the question back.</param>
    /// <returns>True with the first button, false with the second.</returns>
    Task<InteractionResult<bool>> PromptConfirmationAsync(string title, string message, MessageBoxInteractionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Shows a message in the way of everything else.</summary>
    /// <param name="title">The dialog's title.</param>
    /// <param name="message">The message.</param>
    /// <param name="options">The dialog's buttons and icon.</param>
    /// <param name="cancellationToken">Takes the message back.</param>
    /// <returns>True with the first button, false with the second.</returns>
    Task<InteractionResult<bool>> PromptMessageBoxAsync(string title, string message, MessageBoxInteractionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Asks for one line of text, which must not be empty.</summary>
    /// <param name="title">The dialog's title.</param>
    /// <param name="message">What stands above the field.</param>
    /// <param name="inputLabel">The field's label.</param>
    /// <param name="placeHolder">What the empty field shows.</param>
    /// <param name="options">The dialog's buttons and checks.</param>
    /// <param name="cancellationToken">Takes the question back.</param>
    /// <returns>The field with its value.</returns>
    Task<InteractionResult<InteractionInput>> PromptInputAsync(string title, string? message, string inputLabel, string placeHolder, InputsDialogInteractionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Asks for one value.</summary>
    /// <param name="title">The dialog's title.</param>
    /// <param name="message">What stands above the field.</param>
    /// <param name="input">The field.</param>
    /// <param name="options">The dialog's buttons and checks.</param>
    /// <param name="cancellationToken">Takes the question back.</param>
    /// <returns>The field with its value.</returns>
    Task<InteractionResult<InteractionInput>> PromptInputAsync(string title, string? message, InteractionInput input, InputsDialogInteractionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Asks for several values in one dialog, which stays open until all of them are valid.</summary>
    /// <param name="title">The dialog's title.</param>
    /// <param name="message">What stands above the fields.</param>
    /// <param name="inputs">The fields.</param>
    /// <param name="options">The dialog's buttons and checks.</param>
    /// <param name="cancellationToken">Takes the question back.</param>
    /// <returns>The fields with their values.</returns>
    /// <exception cref="InvalidOperationException">Two fields have one name, or a field depends on one that does not stand before it.</exception>
    Task<InteractionResult<InteractionInputCollection>> PromptInputsAsync(string title, string? message, IReadOnlyList<InteractionInput> inputs, InputsDialogInteractionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Shows a message that is in nobody's way.</summary>
    /// <param name="title">The title.</param>
    /// <param name="message">The message.</param>
    /// <param name="options">The button, the link and the icon.</param>
    /// <param name="cancellationToken">Takes the message back.</param>
    /// <returns>True with the first button, false with the second.</returns>
    Task<InteractionResult<bool>> PromptNotificationAsync(string title, string message, NotificationInteractionOptions? options = null, CancellationToken cancellationToken = default);
}
