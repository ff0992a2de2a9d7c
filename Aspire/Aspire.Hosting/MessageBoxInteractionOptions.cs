namespace Aspire.Hosting;

/// <summary>How a message box looks.</summary>
public class MessageBoxInteractionOptions : InteractionOptions
{
    /// <summary>What the message is about, which its icon shows.</summary>
    public MessageIntent? Intent { get; set; }
}
