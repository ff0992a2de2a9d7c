namespace Aspire.Hosting.ApplicationModel;

/// <summary>The names of the commands that every process, or every parameter, has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts what does not run.</summary>
    public static readonly string StartCommand = "start";

    /// <summary>Stops what runs.</summary>
    public static readonly string StopCommand = "stop";

    /// <summary>Stops what runs and starts it again.</summary>
    public static readonly string RestartCommand = "restart";

    /// <summary>Sets the value of a parameter.</summary>
    public static readonly string SetParameterCommand = "set-parameter";

    /// <summary>Deletes the value of a parameter.</summary>
    public static readonly string DeleteParameterCommand = "delete-parameter";
}
