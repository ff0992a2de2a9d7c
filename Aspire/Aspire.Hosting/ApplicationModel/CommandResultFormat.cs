namespace Aspire.Hosting.ApplicationModel;

/// <summary>What the text that a command produced is.</summary>
public enum CommandResultFormat
{
    /// <summary>Plain text.</summary>
    Text = 0,

    /// <summary>JSON (RFC 8259).</summary>
    Json = 1,

    /// <summary>Markdown.</summary>
    Markdown = 2,
}
