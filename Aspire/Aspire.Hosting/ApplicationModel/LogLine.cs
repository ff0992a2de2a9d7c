namespace Aspire.Hosting.ApplicationModel;

/// <summary>One line of a resource's log.</summary>
/// <param name="LineNumber">Counted from 1.</param>
/// <param name="Content">The text, which starts with the time (RFC 3339, UTC).</param>
/// <param name="IsErrorMessage">Whether it was written to standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);
