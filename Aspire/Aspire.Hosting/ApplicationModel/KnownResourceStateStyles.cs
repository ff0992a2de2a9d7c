namespace Aspire.Hosting.ApplicationModel;

/// <summary>How the dashboard shows a state.</summary>
public static class KnownResourceStateStyles
{
    /// <summary>Good.</summary>
    public static readonly string Success = "success";

    /// <summary>Bad.</summary>
    public static readonly string Error = "error";

    /// <summary>Neutral.</summary>
    public static readonly string Info = "info";

    /// <summary>Doubtful.</summary>
    public static readonly string Warn = "warning";
}
