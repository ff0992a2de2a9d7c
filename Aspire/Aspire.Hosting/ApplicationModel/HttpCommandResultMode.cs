namespace Aspire.Hosting.ApplicationModel;

/// <summary>What becomes of the body that answers an HTTP command.</summary>
public enum HttpCommandResultMode
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It is the command's result where its media type says that it is JSON or text.</summary>
    Auto = 1,

    /// <summary>It is the command's result, as JSON.</summary>
    Json = 2,

    /// <summary>It is the command's result, as text.</summary>
    Text = 3,
}
