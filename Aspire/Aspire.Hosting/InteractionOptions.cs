namespace Aspire.Hosting;

/// <summary>What every question can be given.</summary>
public class InteractionOptions
{
    /// <summary>The text of the button that agrees; the dashboard's own when null.</summary>
    public string? PrimaryButtonText { get; set; }

    /// <summary>The text of the button that does not; the dashboard's own when null.</summary>
    public string? SecondaryButtonText { get; set; }

    /// <summary>Whether there is a second button; when null, the kind of question decides.</summary>
    public bool? ShowSecondaryButton { get; set; }

    /// <summary>Whether it can be closed without an answer; when null, the kind of question decides.</summary>
    public bool? ShowDismiss { get; set; }

    /// <summary>Whether the message is Markdown; plain text when null.</summary>
    public bool? EnableMessageMarkdown { get; set; }
}
